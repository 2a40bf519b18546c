using Edge.Graph;

namespace Edge.Training.Ops;

/// <summary>A tensor written in the node.</summary>
internal static class Constant
{
    /// <summary>The plan puts the tensor into its place before anything runs; there is nothing left to do.</summary>
    public static Kernel Compile(NodeContext node) => static _ => { };

    public static OnnxTensor Value(NodeContext node)
    {
        AttributeMap attributes = node.Attributes;
        return attributes.GetTensor("value")
            ?? (attributes.Contains("value_float") ? OnnxTensor.Scalar(attributes.GetFloat("value_float", 0))
            : attributes.Contains("value_int") ? OnnxTensor.Scalar(attributes.GetInt("value_int", 0))
            : attributes.GetFloats("value_floats", null) is { } reals ? OnnxTensor.From<float>(reals, reals.Length)
            : attributes.GetInts("value_ints", null) is { } integers ? OnnxTensor.From<long>(integers, integers.Length)
            : throw node.Unsupported("ONNX allows constants of texts and sparse ones; the training engine executes tensors, numbers and lists of numbers"));
    }
}
