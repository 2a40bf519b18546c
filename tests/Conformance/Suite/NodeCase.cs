namespace Edge.Conformance.Suite;

/// <summary>One case of the ONNX node suite: a model, what goes in and what must come out.</summary>
/// <param name="Name">The case's name.</param>
/// <param name="Model">The bytes of its model.onnx.</param>
/// <param name="Inputs">The files of its inputs, by position.</param>
/// <param name="Outputs">The files of its outputs, by position.</param>
public sealed record NodeCase(string Name, byte[] Model, IReadOnlyDictionary<int, byte[]> Inputs, IReadOnlyDictionary<int, byte[]> Outputs);
