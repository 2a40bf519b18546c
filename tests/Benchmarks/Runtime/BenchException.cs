using Edge.Foundation;

namespace Edge.Benchmarks.Runtime;

/// <summary>Something that is needed for the benchmark does not work.</summary>
internal sealed class BenchException(string message) : InputException(message);
