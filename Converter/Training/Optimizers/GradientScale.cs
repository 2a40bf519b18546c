namespace Edge.Training.Optimizers;

/// <summary>
/// Multiplies the loss so that gradients in half precision do not vanish (Micikevicius and others 2018): down at once where they
/// overflow, up again after many steps without.
/// </summary>
/// <param name="isNeeded">False leaves gradients as they are.</param>
internal sealed class GradientScale(bool isNeeded)
{
    private const double First = 65536;
    private const double Largest = 1 << 24;
    private const int StepsUntilRise = 2000;

    private int _good;

    /// <summary>What multiplies the loss.</summary>
    public double Value { get; private set; } = isNeeded ? First : 1;

    /// <summary>Whether gradients are scaled at all.</summary>
    public bool IsNeeded => isNeeded;

    /// <summary>Goes on where a checkpoint was written.</summary>
    public void Restore(double value) => Value = isNeeded && value > 0 ? value : Value;

    /// <summary>Learns whether a step's gradients were numbers.</summary>
    public void Update(bool isFinite)
    {
        if (!isFinite)
        {
            Value = Math.Max(1, Value / 2);
            _good = 0;
        }
        else if (++_good == StepsUntilRise)
        {
            Value = Math.Min(Largest, Value * 2);
            _good = 0;
        }
    }
}
