namespace Edge.Graph.Execution;

/// <summary>How ONNX Runtime runs a model on the host.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads inside one operator; 0 lets the engine take a thread a core.</summary>
    public int Threads { get; init; }

    /// <summary>False runs the graph as it stands, without the engine's own rewrites.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>True keeps the engine's own error lines off standard error, where a refusal is an expected answer.</summary>
    public bool Quiet { get; init; }

    /// <summary>Where the engine writes the graph as it rewrote it; null writes nothing.</summary>
    public string? OptimizedModelPath { get; init; }

    /// <summary>How the file begins into which the engine writes what each node took, until <see cref="EngineSession.EndProfiling"/>; null measures nothing.</summary>
    public string? ProfilePath { get; init; }

    /// <summary>Models with more bytes of tensors go to the engine through a temporary file, since a larger one does not fit in one piece.</summary>
    internal long LargestInMemory { get; init; } = Serialization.ModelWriter.MaximumTensorBytes - 1;
}
