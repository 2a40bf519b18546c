namespace Edge.Training.Data;

/// <summary>What to train with, and what to judge with afterwards.</summary>
/// <param name="Train">The training images.</param>
/// <param name="Test">The test images, which training never sees.</param>
public sealed record DatasetPair(ImageDataset Train, ImageDataset Test);
