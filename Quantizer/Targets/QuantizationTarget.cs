using System.Runtime.InteropServices;
using Edge.Foundation;

namespace Edge.Quantizer.Targets;

/// <summary>What a chip and its engine run well: a table of operators and the form of the numbers. One file a target.</summary>
public sealed record QuantizationTarget
{
    /// <summary>x86-64 with VNNI.</summary>
    public static QuantizationTarget CpuX64 => Targets.CpuX64.Policy;

    /// <summary>x86-64 without VNNI.</summary>
    public static QuantizationTarget CpuX64WithoutVnni => Targets.CpuX64.WithoutVnni;

    /// <summary>What this machine's own processor runs well.</summary>
    public static QuantizationTarget OfThisMachine { get; } =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArm64.Policy : Processor.HasVnni ? Targets.CpuX64.Policy : Targets.CpuX64.WithoutVnni;

    /// <summary>Every target.</summary>
    public static IReadOnlyList<QuantizationTarget> All => [Targets.CpuX64.Policy, Targets.CpuX64.WithoutVnni, CpuArm64.Policy, TensorRT.Policy, Generic.Policy];

    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What is done with each operator of ONNX's own; those not listed stay float.</summary>
    public required IReadOnlyDictionary<string, OperatorRole> Operators { get; init; }

    /// <summary>The numbers that stand for activations unless the user asks for others.</summary>
    public QuantizedType Activations { get; init; } = QuantizedType.UInt8;

    /// <summary>Whether 0 must be the number 0.</summary>
    public bool SymmetricActivations { get; init; }

    /// <summary>The largest quantized weight: 127 for 8 bits, 63 for 7.</summary>
    public int WeightSteps { get; init; } = 127;

    /// <summary>Whether a convolution on whole numbers must give whole numbers, even where nothing takes them.</summary>
    public bool ConvolutionsGiveQuantized { get; init; } = true;

    /// <summary>Whether biases become int32; otherwise they stay float.</summary>
    public bool QuantizesBias { get; init; } = true;

    /// <summary>Operators with weights.</summary>
    public IReadOnlySet<string> Computes => With(OperatorRole.Computes);

    /// <summary>Operators with integer kernels of their own.</summary>
    public IReadOnlySet<string> Follows => With(OperatorRole.Follows);

    /// <summary>Operators that only move values.</summary>
    public IReadOnlySet<string> Moves => new HashSet<string>(With(OperatorRole.Moves).Concat(With(OperatorRole.Merges)));

    /// <summary>Finds a target by its name.</summary>
    /// <param name="name">The name on the command line.</param>
    /// <exception cref="QuantizationException">There is no such target.</exception>
    public static QuantizationTarget Find(string name) =>
        All.FirstOrDefault(target => target.Name == name)
        ?? throw new QuantizationException($"target '{name}' is unknown; choose one of {string.Join(", ", All.Select(target => target.Name))}");

    /// <summary>A table from lists of operators.</summary>
    internal static Dictionary<string, OperatorRole> Table(string computes, string follows, string moves, string merges = "Concat", string joins = "Relu Clip")
    {
        var table = new Dictionary<string, OperatorRole>(StringComparer.Ordinal);
        foreach ((OperatorRole role, string names) in new[] { (OperatorRole.Computes, computes), (OperatorRole.Follows, follows), (OperatorRole.Moves, moves), (OperatorRole.Merges, merges), (OperatorRole.Joins, joins) })
        {
            foreach (string name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                table.Add(name, role);
            }
        }
        return table;
    }

    private HashSet<string> With(OperatorRole role) => [.. Operators.Where(pair => pair.Value == role).Select(pair => pair.Key)];
}
