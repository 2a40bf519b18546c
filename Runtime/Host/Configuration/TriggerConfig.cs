namespace Edge.Runtime.Configuration;

/// <summary>What wakes a pipeline, which sleeps otherwise: a change of an input, or a reading beyond a limit.</summary>
internal sealed record TriggerConfig
{
    internal const string Active = "active";
    internal const string Inactive = "inactive";
    internal const string Both = "both";

    /// <summary>The name of an input.</summary>
    public string? Gpio { get; init; }

    /// <summary>Which of its changes count: <c>active</c>, <c>inactive</c> or <c>both</c>.</summary>
    public string On { get; set; } = Active;

    /// <summary>The name of a pipeline of readings.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The column that is watched, as that pipeline's package calls it.</summary>
    public string? Column { get; init; }

    /// <summary>Readings above wake.</summary>
    public double? Above { get; init; }

    /// <summary>Readings below wake.</summary>
    public double? Below { get; init; }

    /// <summary>How long the pipeline stays awake behind the last cause.</summary>
    public double Seconds { get; set; } = 30;

    /// <summary>Whether a change of an input is a cause.</summary>
    internal bool IsMetBy(string input, bool isActive) => Gpio == input && (On == Both || (On == Active) == isActive);

    /// <summary>Whether a reading is a cause. A missing one is none.</summary>
    internal bool IsMetBy(double value) => value > Above || value < Below;
}
