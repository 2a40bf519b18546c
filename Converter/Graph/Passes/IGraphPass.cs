namespace Edge.Graph.Passes;

/// <summary>A rewrite that keeps what a model computes.</summary>
public interface IGraphPass
{
    /// <summary>What reports call it, in words: <c>fold BatchNormalization into Conv</c>.</summary>
    string Name { get; }

    /// <summary>Rewrites the model's graph and its subgraphs wherever the pass applies.</summary>
    /// <param name="model">The model; it follows the specification before and after.</param>
    /// <returns>How many places were rewritten; 0 means that nothing changed.</returns>
    int Run(OnnxModel model);
}
