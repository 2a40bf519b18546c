namespace Edge.Training.Data;

/// <summary>What of a table is a sample, and of what.</summary>
public sealed record TableOptions
{
    /// <summary>How the file is cut.</summary>
    public TableFormat Format { get; init; } = new();

    /// <summary>The columns of the input, by name or number; empty takes every column of numbers that has no other use.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The target's columns: one for a class, one or more for values, none where the input itself is the target.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>What the model is asked for. With <see cref="TargetKind.Input"/> a label column still gives the classes to judge with.</summary>
    public TargetKind Target { get; init; } = TargetKind.Class;

    /// <summary>The column that tells recordings, persons or devices apart; they are never parted by a split. Null for none.</summary>
    public string? Group { get; init; }

    /// <summary>The column of the sorts whose results are compared for fairness; null for none.</summary>
    public string? Cohort { get; init; }

    /// <summary>The column of times, to find gaps; it is no input. Dates as ISO 8601, or seconds. Null for none.</summary>
    public string? Time { get; init; }

    /// <summary>A step of time larger than this begins a new recording; null looks for no gaps.</summary>
    public TimeSpan? MaximumGap { get; init; }

    /// <summary>What is done about missing numbers.</summary>
    public MissingValues Missing { get; init; } = MissingValues.Refuse;

    /// <summary>The number for <see cref="MissingValues.Constant"/>.</summary>
    public float Constant { get; init; }

    /// <summary>Rows of a window; 0 makes each row a sample of its own.</summary>
    public int Window { get; init; }

    /// <summary>Rows from one window's begin to the next's.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Which row of a window has its label.</summary>
    public WindowLabel WindowLabel { get; init; } = WindowLabel.Last;

    /// <summary>
    /// A recording without a group column is cut into blocks of this many rows, which no window crosses and no split parts;
    /// 0 cuts none, null takes a length that makes about 20 blocks.
    /// </summary>
    public int? Block { get; init; }

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="DataException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Window is >= 0 and <= 1 << 20, $"the window has {Window} rows: use 0 to {1 << 20}");
        Check(Stride is >= 1 and <= 1 << 20, $"the stride is {Stride}: use 1 to {1 << 20}");
        Check(Block is null or 0 || Block >= Math.Max(1, Window), $"the block has {Block} rows: use at least the window's {Window}, or 0");
        Check(MaximumGap is null || (MaximumGap > TimeSpan.Zero && Time is not null), "a maximum gap needs more than 0 seconds and a time column");
        Check(float.IsFinite(Constant), "the constant for missing values is not finite");
        Check(Target != TargetKind.Class || Labels.Count == 1, $"a classifier needs one label column, not {Labels.Count}");
        Check(Target != TargetKind.Values || Labels.Count >= 1, "values need at least one label column");
        Check(Target != TargetKind.Input || Labels.Count <= 1, "an autoencoder has at most one label column, to judge with");
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new DataException($"table: {message}");
        }
    }
}
