namespace Edge.Training.Data;

/// <summary>Something that is wrong with annotations.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Where">The picture, or the entry of the file.</param>
/// <param name="Detail">What exactly, in words.</param>
public sealed record LabelProblem(LabelProblemKind Kind, string Where, string Detail);
