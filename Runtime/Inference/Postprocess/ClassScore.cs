namespace Edge.Inference;

/// <summary>A class and how sure the model is of it.</summary>
/// <param name="Index">The class, from 0.</param>
/// <param name="Probability">0 to 1.</param>
public readonly record struct ClassScore(int Index, float Probability);
