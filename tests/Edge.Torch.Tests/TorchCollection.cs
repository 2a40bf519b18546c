namespace Edge.Torch.Tests;

/// <summary>Tests that count native tensors, or set the seed or the threads, run one after the other.</summary>
[CollectionDefinition(nameof(TorchCollection), DisableParallelization = true)]
public sealed class TorchCollection;
