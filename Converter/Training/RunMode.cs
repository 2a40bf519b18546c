namespace Edge.Training;

/// <summary>How a graph is run.</summary>
public enum RunMode
{
    /// <summary>As it was exported, and nothing is recorded for gradients.</summary>
    Inference,

    /// <summary>Dropout drops, batch normalisation uses and updates statistics, and gradients are recorded.</summary>
    Training,

    /// <summary>As it was exported, and gradients are recorded: for attributions, attacks and calibration.</summary>
    Gradients,
}
