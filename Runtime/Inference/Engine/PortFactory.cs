using Edge.Packages;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>Finds out the shapes of a model's inputs and outputs and compares them with the manifest.</summary>
internal static class PortFactory
{
    /// <summary>The inputs: an open first dimension is 1, other open ones take what the image's spec says.</summary>
    /// <exception cref="InferenceException">A dimension stays open, or model and manifest differ.</exception>
    internal static TensorPort[] Inputs(InferenceSession session, InputSpec? spec, string source)
    {
        IReadOnlyList<string> names = session.InputNames;
        int image = spec is null ? -1 : ImageInput(names, spec, source);
        var ports = new TensorPort[names.Count];
        for (int i = 0; i < ports.Length; i++)
        {
            NodeMetadata metadata = Tensor(session.InputMetadata[names[i]], names[i], "input", source);
            long[] shape = i == image ? ImageShape(metadata, spec!, names[i], source) : FixedShape(metadata, names[i], source);
            ports[i] = new TensorPort(names[i], metadata.ElementDataType, shape);
        }
        return ports;
    }

    /// <summary>The outputs; where the model leaves dimensions open, one run on zeros shows them.</summary>
    /// <exception cref="InferenceException">An output is no tensor of fixed-size elements.</exception>
    internal static TensorPort[] Outputs(InferenceSession session, OrtIoBinding binding, RunOptions runOptions, string source)
    {
        IReadOnlyList<string> names = session.OutputNames;
        var ports = new TensorPort[names.Count];
        bool open = false;
        foreach (string name in names)
        {
            binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance);
            foreach (int dimension in Tensor(session.OutputMetadata[name], name, "output", source).Dimensions)
            {
                open |= dimension < 0;
            }
        }
        using IDisposableReadOnlyCollection<OrtValue>? values = open ? session.RunWithBoundResults(runOptions, binding) : null;
        for (int i = 0; i < ports.Length; i++)
        {
            NodeMetadata metadata = session.OutputMetadata[names[i]];
            long[] shape = values is null ? Array.ConvertAll(metadata.Dimensions, d => (long)d) : values[i].GetTensorTypeAndShape().Shape;
            ports[i] = new TensorPort(names[i], metadata.ElementDataType, shape);
        }
        return ports;
    }

    private static int ImageInput(IReadOnlyList<string> names, InputSpec spec, string source)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (spec.Tensor is null ? names.Count == 1 : names[i] == spec.Tensor)
            {
                return i;
            }
        }
        throw new InferenceException(spec.Tensor is null
            ? $"{source}: the model has {names.Count} inputs; name the image's one in input.tensor of the manifest"
            : $"{source}: the model has no input '{spec.Tensor}'; mend input.tensor of the manifest");
    }

    private static long[] ImageShape(NodeMetadata metadata, InputSpec spec, string name, string source)
    {
        long[] wanted = spec.Layout == TensorLayout.Nchw ? [1, spec.Channels, spec.Height, spec.Width] : [1, spec.Height, spec.Width, spec.Channels];
        TensorElementType type = spec.Dtype switch
        {
            InputType.UInt8 => TensorElementType.UInt8,
            InputType.Int8 => TensorElementType.Int8,
            InputType.Float16 => TensorElementType.Float16,
            _ => TensorElementType.Float,
        };
        int[] actual = metadata.Dimensions;
        bool fits = metadata.ElementDataType == type && actual.Length == wanted.Length;
        for (int i = 0; fits && i < wanted.Length; i++)
        {
            fits = actual[i] < 0 || actual[i] == wanted[i];
        }
        return fits
            ? wanted
            : throw new InferenceException($"{source}: the model's input '{name}' is {Describe(metadata)}, its manifest says {TensorPort.TypeName(type)} [{string.Join(", ", wanted)}]; make the package again");
    }

    private static long[] FixedShape(NodeMetadata metadata, string name, string source)
    {
        long[] shape = new long[metadata.Dimensions.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = metadata.Dimensions[i] >= 0 ? metadata.Dimensions[i]
                : i == 0 ? 1
                : throw new InferenceException($"{source}: the model's input '{name}' is {Describe(metadata)}; give its open dimensions a size when you import the model");
        }
        return shape;
    }

    private static NodeMetadata Tensor(NodeMetadata metadata, string name, string kind, string source) =>
        metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR && TensorPort.ElementSize(metadata.ElementDataType) > 0
            ? metadata
            : throw new InferenceException($"{source}: the model's {kind} '{name}' is no tensor of numbers; such models cannot be run");

    private static string Describe(NodeMetadata metadata)
    {
        string[] dimensions = new string[metadata.Dimensions.Length];
        for (int i = 0; i < dimensions.Length; i++)
        {
            string symbol = metadata.SymbolicDimensions[i];
            dimensions[i] = metadata.Dimensions[i] >= 0 ? $"{metadata.Dimensions[i]}" : symbol.Length > 0 ? symbol : "?";
        }
        return $"{TensorPort.TypeName(metadata.ElementDataType)} [{string.Join(", ", dimensions)}]";
    }
}
