using Edge.Foundation;

namespace Edge.Benchmarks.Mqtt;

internal sealed class BenchException(string message) : InputException(message);
