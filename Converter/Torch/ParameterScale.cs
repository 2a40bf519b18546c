namespace Edge.Torch;

/// <summary>What one parameter takes of an optimizer's settings.</summary>
/// <param name="Rate">Multiplies the learning rate.</param>
/// <param name="Decay">Multiplies the weight decay.</param>
public readonly record struct ParameterScale(double Rate, double Decay)
{
    /// <summary>The settings as they are.</summary>
    public static ParameterScale One => new(1, 1);
}
