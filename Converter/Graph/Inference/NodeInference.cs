using System.Text;
using Edge.Graph.Schemas;

namespace Edge.Graph.Inference;

/// <summary>A node as its rule sees it: attributes, what is known of the inputs, and places for what it finds.</summary>
internal sealed class NodeInference
{
    private readonly InferenceFrame _frame;
    private readonly OnnxType?[] _outputs;
    private readonly TensorContent?[] _contents;

    internal NodeInference(InferenceEngine engine, InferenceFrame frame, Node node)
    {
        Engine = engine;
        _frame = frame;
        Node = node;
        Version = frame.Opsets.GetValueOrDefault(node.Domain);
        _outputs = new OnnxType?[node.Outputs.Count];
        _contents = new TensorContent?[node.Outputs.Count];
    }

    internal InferenceEngine Engine { get; }

    internal Node Node { get; }

    /// <summary>The version of the operator set that the node is written in.</summary>
    internal long Version { get; }

    internal int InputCount => Node.Inputs.Count;

    internal int OutputCount => Node.Outputs.Count;

    /// <summary>Why something stays unknown, if the rule says so.</summary>
    internal string? Reason { get; private set; }

    internal bool Has(int input) => Node.Input(input) is not null;

    internal bool Makes(int output) => output < OutputCount && Node.Outputs[output] is not null;

    internal OnnxType? Type(int input) => Node.Input(input) is { } value ? Engine.TypeOf(value) : null;

    internal ElementType? Element(int input) => Type(input) is TensorType { Element: not ElementType.Undefined } tensor ? tensor.Element : null;

    /// <summary>The sizes of an input's axes; null where their number is not known, and for each axis that is not.</summary>
    internal SizeExpression?[]? Shape(int input) => Type(input) is TensorType { Shape: { } shape } ? Engine.Sizes(shape) : null;

    /// <summary>What is known of the elements of a small input.</summary>
    internal TensorContent? Content(int input) => Node.Input(input) is { } value ? Engine.ContentOf(value) : null;

    /// <summary>The elements of a small whole-number input, if all are constant.</summary>
    internal long[]? Constants(int input) => Content(input) is { IsFloat: false } content ? content.ToConstants() : null;

    /// <summary>The elements of a small whole-number input, null for each that is not known.</summary>
    internal SizeExpression?[]? Expressions(int input) =>
        Content(input) is { IsFloat: false } content ? Array.ConvertAll(content.Elements, element => element.Whole) : null;

    internal bool HasAttribute(string name) => _frame.Attribute(Node, name) is { Content: not null };

    internal long Int(string name, long fallback) => Get<long>(name, AttributeKind.Int, out long value) ? value : fallback;

    internal float Float(string name, float fallback) => Get<float>(name, AttributeKind.Float, out float value) ? value : fallback;

    internal string Text(string name, string fallback) => Get<byte[]>(name, AttributeKind.String, out byte[]? value) ? Encoding.UTF8.GetString(value!) : fallback;

    internal long[]? Ints(string name) => Get<long[]>(name, AttributeKind.Ints, out long[]? value) ? value : null;

    internal float[]? Floats(string name) => Get<float[]>(name, AttributeKind.Floats, out float[]? value) ? value : null;

    internal OnnxTensor? Tensor(string name) => Get<OnnxTensor>(name, AttributeKind.Tensor, out OnnxTensor? value) ? value : null;

    internal OnnxGraph? Graph(string name) => Get<OnnxGraph>(name, AttributeKind.Graph, out OnnxGraph? value) ? value : null;

    internal NodeAttribute? Attribute(string name) => _frame.Attribute(Node, name);

    /// <summary>An attribute that names an axis, counted from the front; null, with the reason noted, where the tensor has no such axis.</summary>
    internal int? Axis(string name, long fallback, int rank) => Axis(Int(name, fallback), rank);

    /// <summary>An axis counted from the front; null, with the reason noted, where the tensor has no such axis.</summary>
    internal int? Axis(long axis, int rank)
    {
        if (axis < -rank || axis >= rank)
        {
            Unknown($"axis {axis} is outside a tensor of {rank} axes");
            return null;
        }
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Axes counted from the front, without repetition; null, with the reason noted, where one is outside or repeated.</summary>
    internal int[]? Axes(long[] axes, int rank)
    {
        int[] result = new int[axes.Length];
        for (int index = 0; index < axes.Length; index++)
        {
            if (Axis(axes[index], rank) is not { } axis)
            {
                return null;
            }
            if (result.AsSpan(0, index).Contains(axis))
            {
                Unknown($"axis {axis} is named twice");
                return null;
            }
            result[index] = axis;
        }
        return result;
    }

    /// <summary>Sets the shape of an output; its element type is the given one, or what the operator's schema makes of the inputs'.</summary>
    internal void Set(int output, SizeExpression?[]? shape, ElementType? element = null)
    {
        if (!Makes(output))
        {
            return;
        }
        if (shape is { Length: > InferenceEngine.MostAxes })
        {
            Unknown($"has {shape.Length} axes; at most {InferenceEngine.MostAxes} are followed");
            shape = null;
        }
        if (shape is not null && shape.Any(size => size is { IsConstant: true, Constant: < 0 }))
        {
            Unknown($"would make a tensor of negative size: [{string.Join(',', shape.Select(size => size?.Text ?? "?"))}]");
            shape = null;
        }
        if ((element ?? SchemaElement(output)) is { } known)
        {
            _outputs[output] = new TensorType(known, InferenceEngine.ToShape(shape));
        }
        else if (shape is not null)
        {
            _outputs[output] = new TensorType(ElementType.Undefined, InferenceEngine.ToShape(shape));
        }
    }

    /// <summary>Sets the type of an output.</summary>
    internal void Set(int output, OnnxType? type)
    {
        if (Makes(output))
        {
            _outputs[output] = type;
        }
    }

    /// <summary>Sets what is known of the elements of an output, and its shape with them.</summary>
    internal void Set(int output, TensorContent content)
    {
        Set(output, Array.ConvertAll(content.Dims, size => (SizeExpression?)SizeExpression.Of(size)), content.Type);
        if (output < _contents.Length)
        {
            _contents[output] = content;
        }
    }

    /// <summary>Notes why an output stays unknown.</summary>
    internal void Unknown(string reason) => Reason ??= reason;

    /// <summary>A new symbol for a size that only a run tells.</summary>
    internal SizeExpression? Fresh(int output, int axis, string meaning) =>
        Makes(output) ? Engine.Fresh(Node.Outputs[output]!, axis, $"{Node.Describe()}: {meaning}", _frame) : null;

    /// <summary>Infers a subgraph from the types of its inputs; the types of its outputs.</summary>
    internal OnnxType?[] Run(OnnxGraph body, OnnxType?[] inputs, bool repeats) => Engine.RunBody(body, inputs, _frame, repeats);

    internal bool IsDeep => _frame.Depth > 2;

    /// <summary>The type of an output: what the rule set, else what the operator's schema says of its elements.</summary>
    internal OnnxType? Result(int output) => _outputs[output] ?? (SchemaElement(output) is { } element ? new TensorType(element, null) : null);

    internal TensorContent? ResultContent(int output) => _contents[output];

    /// <summary>Forgets what the rule set.</summary>
    internal void Clear()
    {
        Array.Clear(_outputs);
        Array.Clear(_contents);
    }

    private bool Get<T>(string name, AttributeKind kind, out T? value)
    {
        if (_frame.Attribute(Node, name) is not { Content: { } content } attribute)
        {
            value = default;
            return false;
        }
        if (attribute.Kind != kind)
        {
            throw new ModelFormatException($"attribute '{name}' is of kind {attribute.Kind}, {kind} is expected");
        }
        value = (T)content;
        return true;
    }

    private ElementType? SchemaElement(int output)
    {
        if (Engine.Schema(Node, Version)?.Output(output) is not { IsUniform: true } parameter)
        {
            return null;
        }
        if (parameter.Types.Single is { } single)
        {
            return single;
        }
        OperatorSchema schema = Engine.Schema(Node, Version)!;
        for (int input = 0; input < InputCount; input++)
        {
            if (schema.Input(input) is { IsUniform: true } candidate && candidate.TypeParameter == parameter.TypeParameter && Element(input) is { } element)
            {
                return element;
            }
        }
        return null;
    }
}
