namespace Edge.Training;

/// <summary>What training spends its time on.</summary>
public enum TrainingPhase
{
    /// <summary>Waiting for the next batch.</summary>
    Data,

    /// <summary>Running the graph, a teacher's included.</summary>
    Forward,

    /// <summary>Computing the loss and counting what is right.</summary>
    Loss,

    /// <summary>Computing gradients.</summary>
    Backward,

    /// <summary>Moving the weights, clipping and averages included.</summary>
    Optimizer,

    /// <summary>Judging on the validation samples.</summary>
    Validation,

    /// <summary>Writing checkpoints, reporting progress, and the rest.</summary>
    Other,
}
