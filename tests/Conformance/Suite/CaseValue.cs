using Edge.Graph;

namespace Edge.Conformance.Suite;

/// <summary>What a case feeds or expects.</summary>
public abstract record CaseValue;

/// <summary>A tensor.</summary>
/// <param name="Tensor">Its content.</param>
public sealed record TensorCaseValue(OnnxTensor Tensor) : CaseValue;

/// <summary>A list.</summary>
/// <param name="Items">Its items.</param>
public sealed record SequenceCaseValue(IReadOnlyList<CaseValue> Items) : CaseValue;

/// <summary>A dictionary.</summary>
/// <param name="Keys">The keys: one axis.</param>
/// <param name="Values">The values, in the order of the keys.</param>
public sealed record MapCaseValue(OnnxTensor Keys, CaseValue Values) : CaseValue;

/// <summary>A value that may be absent, and is.</summary>
public sealed record AbsentCaseValue : CaseValue;
