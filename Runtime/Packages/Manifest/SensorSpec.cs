namespace Edge.Packages;

/// <summary>
/// How readings become the model's input tensor, float32 <c>[1, window, columns]</c>, or <c>[1, columns]</c> where one reading is looked
/// at by itself: each value is <c>(reading − mean) ÷ std</c> of its column.
/// </summary>
public sealed record SensorSpec
{
    /// <summary>The most readings of a window.</summary>
    public const int MaxWindow = 1 << 20;

    /// <summary>The most columns.</summary>
    public const int MaxColumns = 4096;

    /// <summary>The model's input by name; null where the model has only one.</summary>
    public string? Tensor { get; init; }

    /// <summary>What is read, in the order of the input, such as <c>temperature</c>.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Readings that are looked at together, the oldest first; 0 for one by itself.</summary>
    public int Window { get; init; }

    /// <summary>Readings that are further apart, in seconds, belonged to no window together in training; 0 for any distance.</summary>
    public double MaximumGapSeconds { get; init; }

    /// <summary>Subtracted: one value a column, or none (0).</summary>
    public IReadOnlyList<float> Mean { get; set; } = [];

    /// <summary>Divided by after that: one value a column, or none (1).</summary>
    public IReadOnlyList<float> Std { get; set; } = [];

    /// <summary>Checks every field.</summary>
    /// <exception cref="PackageException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        Check.That(Tensor is null || Tensor.Length is > 0 and <= 1024, "sensor.tensor", "must be 1 to 1024 characters");
        Check.That(Columns.Count is >= 1 and <= MaxColumns, "sensor.columns", $"must be 1 to {MaxColumns}");
        foreach (string? column in Columns)
        {
            Check.That(column is { Length: > 0 and <= 256 }, "sensor.columns", "must be names of 1 to 256 characters");
        }
        Check.That(Window is >= 0 and <= MaxWindow, "sensor.window", $"must be 0 to {MaxWindow}");
        Check.That(MaximumGapSeconds is >= 0 and <= 1e9, "sensor.maximumGapSeconds", "must be 0 to 1e9");
        Check.That(Mean.Count == 0 || Mean.Count == Columns.Count, "sensor.mean", "must have one value a column");
        Check.That(Std.Count == 0 || Std.Count == Columns.Count, "sensor.std", "must have one value a column");
        foreach (float value in Mean)
        {
            Check.That(float.IsFinite(value), "sensor.mean", "must be finite");
        }
        foreach (float value in Std)
        {
            Check.That(float.IsFinite(value) && value > 0, "sensor.std", "must be finite and above 0");
        }
    }
}
