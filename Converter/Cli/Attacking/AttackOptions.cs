using Edge.Judging.Corruptions;

namespace Edge.Cli.Attacking;

/// <summary>How a model is to be attacked.</summary>
internal sealed record AttackOptions
{
    /// <summary>The names of the gradient attacks.</summary>
    internal static readonly string[] Attacks = ["fgsm", "pgd"];

    /// <summary>At most how many samples; 0 takes all.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>Decides what chance decides: which samples, starts, noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    public int Threads { get; init; }

    /// <summary>How far values may be moved: levels of 255 for pictures, the model's own units otherwise.</summary>
    public IReadOnlyList<float> Epsilons { get; init; } = [0, 1, 2, 4, 8, 16];

    /// <summary>Steps of projected gradient descent.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>The gradient attacks.</summary>
    public IReadOnlyList<string> Wanted { get; init; } = Attacks;

    /// <summary>The corruptions; pictures only.</summary>
    public IReadOnlyList<Corruption> Corruptions { get; init; } = Corruption.All;
}
