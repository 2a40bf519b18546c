namespace Edge.Training.Data;

/// <summary>What a model is asked for.</summary>
public enum TargetKind
{
    /// <summary>One class of several: an int64 number.</summary>
    Class,

    /// <summary>Numbers: float32, for regression, several labels at once, or a clean copy of a noisy input.</summary>
    Values,

    /// <summary>Boxes with classes: float32 [boxes, 5], each class, centre x, centre y, width and height in pixels of the input; class −1 ends the list.</summary>
    Boxes,

    /// <summary>Its first input again, as an autoencoder is; there is no field of its own.</summary>
    Input,
}
