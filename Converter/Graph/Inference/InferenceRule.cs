namespace Edge.Graph.Inference;

/// <summary>Sets the types, and where small and known the contents, of what a node makes.</summary>
/// <param name="node">The node with what is known of its inputs.</param>
internal delegate void InferenceRule(NodeInference node);
