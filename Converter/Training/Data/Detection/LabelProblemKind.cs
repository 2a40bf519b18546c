namespace Edge.Training.Data;

/// <summary>What may be wrong with annotations.</summary>
public enum LabelProblemKind
{
    /// <summary>A box lies outside its picture, or reaches out of it.</summary>
    Outside,

    /// <summary>A box has no width or no height, or less than none.</summary>
    Empty,

    /// <summary>A box is absurdly long and thin.</summary>
    Aspect,

    /// <summary>Two boxes of one class in one picture are the same.</summary>
    DuplicateBox,

    /// <summary>A box names a class that is not listed.</summary>
    UnknownClass,

    /// <summary>A box names a picture that is not listed.</summary>
    UnknownPicture,

    /// <summary>Two pictures, classes or boxes have the same id, or two pictures the same file.</summary>
    DuplicateId,

    /// <summary>A picture's file is missing.</summary>
    MissingPicture,

    /// <summary>A picture's file is no picture that can be decoded.</summary>
    DamagedPicture,

    /// <summary>The annotations name another size than the picture has.</summary>
    WrongSize,

    /// <summary>An entry is not what the format asks for.</summary>
    Malformed,
}
