using System.Collections.Frozen;

namespace Edge.Graph.Schemas;

/// <summary>What one version of an operator takes and gives.</summary>
public sealed class OperatorSchema
{
    internal OperatorSchema(string domain, string name, int sinceVersion, SchemaParameter[] inputs, SchemaParameter[] outputs, IEnumerable<SchemaAttribute> attributes, bool isDeprecated = false)
    {
        Domain = domain;
        Name = name;
        SinceVersion = sinceVersion;
        Inputs = inputs;
        Outputs = outputs;
        Attributes = attributes.ToFrozenDictionary(attribute => attribute.Name, StringComparer.Ordinal);
        IsDeprecated = isDeprecated;
        (MinimumInputs, MaximumInputs) = Range(inputs);
        (MinimumOutputs, MaximumOutputs) = Range(outputs);
    }

    /// <summary>Whose operator it is; empty for ONNX's own.</summary>
    public string Domain { get; }

    /// <summary>The operator, as ONNX names it.</summary>
    public string Name { get; }

    /// <summary>The operator set version that it begins with.</summary>
    public int SinceVersion { get; }

    /// <summary>True when the operator is gone from <see cref="SinceVersion"/> on; it then has no parameters.</summary>
    public bool IsDeprecated { get; }

    /// <summary>The inputs in order.</summary>
    public IReadOnlyList<SchemaParameter> Inputs { get; }

    /// <summary>The outputs in order.</summary>
    public IReadOnlyList<SchemaParameter> Outputs { get; }

    /// <summary>The attributes by name.</summary>
    public IReadOnlyDictionary<string, SchemaAttribute> Attributes { get; }

    /// <summary>The fewest inputs a node lists.</summary>
    public int MinimumInputs { get; }

    /// <summary>The most inputs a node lists; <see cref="int.MaxValue"/> where the last may be repeated.</summary>
    public int MaximumInputs { get; }

    /// <summary>The fewest outputs a node lists.</summary>
    public int MinimumOutputs { get; }

    /// <summary>The most outputs a node lists; <see cref="int.MaxValue"/> where the last may be repeated.</summary>
    public int MaximumOutputs { get; }

    /// <summary>The parameter that an input of a node belongs to, or null where the operator has fewer.</summary>
    /// <param name="index">Which input.</param>
    public SchemaParameter? Input(int index) => At(Inputs, index);

    /// <summary>The parameter that an output of a node belongs to, or null where the operator has fewer.</summary>
    /// <param name="index">Which output.</param>
    public SchemaParameter? Output(int index) => At(Outputs, index);

    /// <summary><c>Conv-11</c>.</summary>
    public override string ToString() => $"{(Domain.Length == 0 ? "" : Domain + ".")}{Name}-{SinceVersion}";

    private static SchemaParameter? At(IReadOnlyList<SchemaParameter> parameters, int index) =>
        index < parameters.Count ? parameters[index]
        : parameters.Count > 0 && parameters[^1].Kind == ParameterKind.Variadic ? parameters[^1]
        : null;

    private static (int Minimum, int Maximum) Range(SchemaParameter[] parameters)
    {
        int minimum = 0;
        for (int index = 0; index < parameters.Length; index++)
        {
            if (parameters[index].Minimum > 0)
            {
                minimum = index + 1;
            }
            else if (parameters[index].Kind == ParameterKind.Variadic)
            {
                minimum = index;
            }
        }
        return (minimum, parameters is [.., { Kind: ParameterKind.Variadic }] ? int.MaxValue : parameters.Length);
    }
}
