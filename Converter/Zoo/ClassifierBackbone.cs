using Edge.Graph;
using Edge.Graph.Inference;

namespace Edge.Zoo;

/// <summary>The layers of a trained classifier of pictures, cut off where it gives up places: what a detector can see with.</summary>
internal sealed class ClassifierBackbone
{
    // Since then Resize is as the neck uses it.
    private const long LeastOpset = 13;
    private static readonly int[] Strides = [8, 16, 32];

    private ClassifierBackbone(OnnxModel model, (Value, int)[] features)
    {
        Model = model;
        Features = features;
    }

    /// <summary>The layers with their weights; it has no output yet.</summary>
    public OnnxModel Model { get; }

    /// <summary>The last that it sees at strides 8, 16 and 32: [batch, channels, rows, columns].</summary>
    public (Value Value, int Channels)[] Features { get; }

    /// <summary>Cuts.</summary>
    /// <param name="path">The classifier.</param>
    /// <param name="options">Size and channels of the detector's input.</param>
    /// <exception cref="ZooException">It takes something else, or sees nothing at one of the strides.</exception>
    /// <exception cref="ModelFormatException">It is missing or no ONNX model.</exception>
    public static ClassifierBackbone Load(string path, ZooOptions options)
    {
        OnnxModel model = OnnxModel.Load(path);
        ModelVerifier.ThrowIfInvalid(model, path);
        if (model.Opset < LeastOpset)
        {
            throw new ZooException($"{path}: is of opset {model.Opset}; 'edge import {path} --opset 17' raises it");
        }
        Value[] inputs = [.. model.Graph.Inputs.Where(input => input.Constant is null)];
        if (inputs is not [{ Shape: { Rank: 4 } shape, ElementType: ElementType.Float } input] || shape[1].Size != options.Channels)
        {
            throw new ZooException($"{path}: takes {string.Join(", ", inputs.Select(value => value.ToString()))}; a backbone takes float32 pictures [batch, {options.Channels}, rows, columns]");
        }
        if (model.Graph.Outputs.Any(output => output.Shape is { Rank: 3 }))
        {
            throw new ZooException($"{path}: is a detector already; name it as the model, not as a backbone");
        }
        foreach (Value value in model.Graph.Nodes.SelectMany(node => node.Outputs).OfType<Value>())
        {
            value.Type = null;
        }
        input.Type = new TensorType(ElementType.Float, TensorShape.Of("batch", options.Channels, options.Height, options.Width));
        ShapeInference.Run(model);
        string[] names = [.. Strides.Select(stride => LastAt(model.Graph, options.Height / stride, options.Width / stride)?.Name
            ?? throw new ZooException($"{path}: sees nothing at stride {stride}; a backbone halves its picture five times or more"))];
        OnnxModel cut = GraphExtractor.Extract(model, [input.Name], names);
        foreach (Value output in cut.Graph.Outputs.ToArray())
        {
            cut.Graph.RemoveOutput(output);
        }
        cut.Metadata.Clear();
        return new ClassifierBackbone(cut, [.. names.Select(name => cut.Graph.Find(name)!).Select(value => (value, (int)value.Shape![1].Size!))]);
    }

    private static Value? LastAt(OnnxGraph graph, int rows, int columns) => graph.Nodes
        .SelectMany(node => node.Outputs)
        .LastOrDefault(value => value?.Shape is { Rank: 4 } shape && shape[1].Size is not null && shape[2].Size == rows && shape[3].Size == columns);
}
