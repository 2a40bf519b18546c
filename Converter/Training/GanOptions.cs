namespace Edge.Training;

/// <summary>What concerns a generator and a discriminator as a pair.</summary>
public sealed record GanOptions
{
    /// <summary>The discriminator's learning rate; null for the optimizer's own.</summary>
    public double? DiscriminatorRate { get; init; }

    /// <summary>What is taken off the label of real samples, from 0 (Salimans and others 2016).</summary>
    public double Smoothing { get; init; } = 0.1;
}
