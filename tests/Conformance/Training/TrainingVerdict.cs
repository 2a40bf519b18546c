namespace Edge.Conformance.Training;

/// <summary>How the training engine did with a case.</summary>
public enum TrainingVerdict
{
    /// <summary>It gave what is expected.</summary>
    Right,

    /// <summary>It gave something else, or broke in a way that no user should see.</summary>
    Wrong,

    /// <summary>It said in one line why it does not execute the case.</summary>
    Refused,
}
