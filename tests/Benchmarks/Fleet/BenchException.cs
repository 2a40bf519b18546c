using Edge.Foundation;

namespace Edge.Benchmarks.Fleet;

/// <summary>What the benchmark needs is not there, or did not do its work.</summary>
/// <param name="message">One line: what, and what to do.</param>
internal sealed class BenchException(string message) : InputException(message);
