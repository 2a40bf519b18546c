namespace Edge.Graph.Schemas;

/// <summary>What the type parameters of a node's operator stand for, found from the values whose types are known.</summary>
internal ref struct TypeBindings(Node node, List<ModelProblem> problems)
{
    private const int MaximumParameters = 8;

    // Operators have few type parameters; the arrays are made when the first one is bound.
    private string[]? _parameters;
    private Value[]? _values;
    private int _count;

    /// <summary>Holds a value against its parameter: a type that is allowed, and the same as the others of its type parameter.</summary>
    internal void Hold(string role, Value? value, SchemaParameter? parameter)
    {
        if (value is null || parameter is null || problems.Count >= ModelVerifier.MaximumProblems || TypeOf(value) is not { } type)
        {
            return;
        }
        if (!parameter.Types.Allows(type))
        {
            problems.Add(new ModelProblem(node.Describe(), $"{role} '{parameter.Name}' ('{value.Name}') is {Name(type)}, the operator takes {parameter.Types}"));
            return;
        }
        if (!parameter.IsUniform || Element(type) is null)
        {
            return;
        }
        for (int index = 0; index < _count; index++)
        {
            if (_parameters![index] == parameter.TypeParameter)
            {
                OnnxType first = TypeOf(_values![index])!;
                if (Element(first) != Element(type))
                {
                    problems.Add(new ModelProblem(node.Describe(), $"{role} '{parameter.Name}' ('{value.Name}') is {Name(type)} and '{_values[index].Name}' is {Name(first)}; the operator wants one type for both"));
                }
                return;
            }
        }
        if (_count < MaximumParameters)
        {
            _parameters ??= new string[MaximumParameters];
            _values ??= new Value[MaximumParameters];
            _parameters[_count] = parameter.TypeParameter;
            _values[_count++] = value;
        }
    }

    private static OnnxType? TypeOf(Value value) =>
        value.Constant is { } constant ? value.Type as TensorType is { } declared && declared.Element == constant.Type ? declared : new TensorType(constant.Type, null)
        : value.Type;

    // A number for the kind of value and its elements; null where they are not known.
    private static (int Kind, ElementType Element)? Element(OnnxType type) => type switch
    {
        TensorType { Element: not ElementType.Undefined } tensor => (0, tensor.Element),
        SequenceType { Item: TensorType { Element: not ElementType.Undefined } tensor } => (1, tensor.Element),
        OptionalType { Item: TensorType { Element: not ElementType.Undefined } tensor } => (2, tensor.Element),
        OptionalType { Item: SequenceType { Item: TensorType { Element: not ElementType.Undefined } tensor } } => (3, tensor.Element),
        _ => null,
    };

    private static string Name(OnnxType type) => type switch
    {
        TensorType tensor => tensor.Element.Text(),
        SequenceType sequence => $"sequence({Name(sequence.Item)})",
        OptionalType optional => $"optional({Name(optional.Item)})",
        _ => type.ToString(),
    };
}
