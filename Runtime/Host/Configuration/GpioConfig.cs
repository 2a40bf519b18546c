namespace Edge.Runtime.Configuration;

/// <summary>A line of the board: an input whose changes are told, or an output that commands set.</summary>
internal sealed record GpioConfig
{
    internal const string Input = "input";
    internal const string Output = "output";

    /// <summary>The level of its topics; unlike every pipeline's.</summary>
    public required string Name { get; init; }

    /// <summary>The chip's device file or name, as <c>gpiochip0</c>.</summary>
    public required string Chip { get; init; }

    /// <summary>The line's number, or the name that the board gives it.</summary>
    public required string Line { get; init; }

    /// <summary><c>input</c> or <c>output</c>.</summary>
    public string Direction { get; set; } = Input;

    /// <summary>Whether low means active.</summary>
    public bool ActiveLow { get; set; }

    /// <summary>What holds an input: <c>asIs</c>, <c>pullUp</c>, <c>pullDown</c> or <c>none</c>.</summary>
    public string Bias { get; set; } = "asIs";

    /// <summary>How long a change of an input must last to count.</summary>
    public double DebounceMilliseconds { get; set; }

    /// <summary>Whether an output is active from the start.</summary>
    public bool Active { get; set; }

    internal bool IsOutput => Direction == Output;
}
