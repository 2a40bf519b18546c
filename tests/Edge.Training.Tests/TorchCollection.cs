namespace Edge.Training.Tests;

/// <summary>Tests that count native tensors or seed libtorch run one after the other.</summary>
[CollectionDefinition(nameof(TorchCollection), DisableParallelization = true)]
public sealed class TorchCollection;
