namespace Edge.Training.Recipes;

/// <summary>The opponent of a generator.</summary>
/// <param name="Discriminator">A name of the zoo or the path of an ONNX model.</param>
/// <param name="LearningRate">Its rate; null for the optimizer's.</param>
/// <param name="Smoothing">What is taken off the label of real samples.</param>
/// <param name="Samples">How many samples the report shows.</param>
public sealed record RecipeGan(string Discriminator, double? LearningRate, double Smoothing, int Samples);
