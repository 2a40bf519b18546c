namespace Edge.Judging.Tests;

/// <summary>Tests that count native tensors run one after the other.</summary>
[CollectionDefinition(nameof(TorchCollection), DisableParallelization = true)]
public sealed class TorchCollection;
