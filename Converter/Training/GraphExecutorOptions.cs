using Edge.Graph;
using Edge.Torch;
using Edge.Training.Ops;

namespace Edge.Training;

/// <summary>How a <see cref="GraphExecutor"/> compiles and runs its graph.</summary>
public sealed record GraphExecutorOptions
{
    /// <summary>Where to run; by default the CPU.</summary>
    public Device Device { get; init; }

    /// <summary>The operators; null takes ONNX's own.</summary>
    public OperatorTable? Table { get; init; }

    /// <summary>
    /// Which weights need gradients, by the initializer's name; null takes all. Those left out stay in
    /// <see cref="GraphExecutor.Parameters"/>, with <see cref="Parameter.IsTrainable"/> false.
    /// </summary>
    public Func<string, bool>? IsTrainable { get; init; }

    /// <summary>
    /// Which settings are weights too, by the initializer's name, for learned scales of quantization (LSQ) or learned numbers in a
    /// formula; null takes none.
    /// </summary>
    public Func<string, bool>? TrainsSettings { get; init; }

    /// <summary>
    /// Which BatchNormalization nodes use their running statistics, unchanged, while training too; null takes none.
    /// </summary>
    public Func<Node, bool>? FreezesStatistics { get; init; }

    /// <summary>Values inside the graph to keep for <see cref="GraphExecutor.Kept"/>, by name.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Whether to measure the time of each operator, for <see cref="GraphExecutor.Profile"/>.</summary>
    public bool Profile { get; init; }
}
