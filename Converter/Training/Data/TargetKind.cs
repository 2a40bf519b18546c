namespace Edge.Training.Data;

/// <summary>What a model is asked for.</summary>
public enum TargetKind
{
    /// <summary>One class of several: an int64 number.</summary>
    Class,

    /// <summary>Numbers: float32, for regression, several labels at once, or a clean copy of a noisy input.</summary>
    Values,

    /// <summary>Its first input again, as an autoencoder is; there is no field of its own.</summary>
    Input,
}
