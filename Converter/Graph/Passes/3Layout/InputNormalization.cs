namespace Edge.Graph.Passes;

/// <summary>What is done to raw pixels before a model takes them: <c>(pixel · scale − mean) / deviation</c>, by channel.</summary>
public sealed record InputNormalization
{
    /// <summary>A factor for every channel: 1/255 for models that take 0–1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What is subtracted, in units of the scaled pixel: one number for all channels, or one a channel.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0];

    /// <summary>What is divided by: one number for all channels, or one a channel.</summary>
    public IReadOnlyList<double> Deviation { get; init; } = [1];

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A number is not finite, a list is empty, or a divisor or the scale is zero.</exception>
    public void Validate()
    {
        bool fits = double.IsFinite(Scale) && Scale != 0 && Mean.Count > 0 && Deviation.Count > 0
            && Mean.All(double.IsFinite) && Deviation.All(number => double.IsFinite(number) && number != 0);
        if (!fits)
        {
            throw new ArgumentException("scale, mean and deviation are finite numbers, scale and deviation not zero");
        }
    }
}
