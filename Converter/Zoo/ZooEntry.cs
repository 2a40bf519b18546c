using Edge.Graph;

namespace Edge.Zoo;

/// <summary>An architecture of the zoo.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Defaults">What it was published with, or is usually built with.</param>
/// <param name="Build">Builds it with initial weights; throws <see cref="ZooException"/> where an option makes no sense.</param>
public sealed record ZooEntry(string Name, ZooKind Kind, string Description, ZooOptions Defaults, Func<ZooOptions, OnnxModel> Build)
{
    /// <summary>The weights that training changes; limits, shapes and running statistics are none.</summary>
    /// <param name="model">A model of this architecture.</param>
    public static long CountWeights(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Count(model, value => !value.Uses.Any(use => use.Node.Is("BatchNormalization") && use.Index >= 3));
    }

    /// <summary>The weights and the running statistics: what Keras calls all parameters.</summary>
    /// <param name="model">A model of this architecture.</param>
    public static long CountNumbers(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Count(model, _ => true);
    }

    private static long Count(OnnxModel model, Func<Value, bool> counts) => model.Graph.Initializers
        .Where(value => value.Constant is { Type: ElementType.Float, Dims.Length: > 0 } && counts(value))
        .Sum(value => value.Constant!.Length);
}
