namespace Edge.Cli.Explaining;

/// <summary>What to explain, and how.</summary>
internal sealed record ExplainOptions
{
    /// <summary>The gradient of a score, averaged over a feature map, weights it.</summary>
    internal const string GradCam = "grad-cam";

    /// <summary>The gradient on the way from an input that says nothing.</summary>
    internal const string IntegratedGradients = "integrated-gradients";

    /// <summary>What is lost when a part is covered, or a word left out.</summary>
    internal const string Occlusion = "occlusion";

    /// <summary>The methods for texts.</summary>
    internal static readonly string[] TextMethods = [IntegratedGradients, Occlusion];

    /// <summary>Every method.</summary>
    internal static readonly string[] Methods = [GradCam, IntegratedGradients, Occlusion];

    /// <summary>The samples by number; empty draws some.</summary>
    public IReadOnlyList<int> Indices { get; init; } = [];

    /// <summary>How many samples are drawn.</summary>
    public int Count { get; init; } = 8;

    /// <summary>Decides which.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    public int Threads { get; init; }

    /// <summary>The methods asked for; empty takes all that fit the model.</summary>
    public IReadOnlyList<string> Wanted { get; init; } = [];

    /// <summary>The feature map for Grad-CAM; null takes the last.</summary>
    public string? Layer { get; init; }

    /// <summary>The class that is explained, by name or number; null takes the one that the model names.</summary>
    public string? Class { get; init; }

    /// <summary>Points on the way for integrated gradients.</summary>
    public int Steps { get; init; } = 64;
}
