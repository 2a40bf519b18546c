using System.Runtime.InteropServices;
using Edge.Cli.Models;
using Edge.Graph;
using Edge.Judging;
using Edge.Packages;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Cli.Evaluation;

/// <summary>
/// Brings samples of a data set into the form that a model takes: pictures by the model's card (layout, colour order, scale),
/// everything else as the data set gives it.
/// </summary>
internal sealed class SampleFeed
{
    private readonly OnnxModel _model;
    private readonly Value[] _inputs;
    private readonly int[] _order;
    private readonly InputQuantization? _elements;

    private SampleFeed(JudgedModel model, ModelCard? card, Dataset data)
    {
        _model = model.Model;
        Data = data;
        _inputs = Inputs(model, card, data);
        Field first = data.Inputs[0];
        Picture = PictureOf(data);
        int channels = Picture?.Channels ?? 1;
        if (Picture is { } size && card is not null)
        {
            InputSpec spec = card.Input;
            if (size.Channels != spec.Channels || size.Height != spec.Height || size.Width != spec.Width)
            {
                throw new DataException($"{data.Name} holds pictures of {size.Width}×{size.Height} with {size.Channels} channels, the model takes {spec.Width}×{spec.Height} with {spec.Channels}; use the data it was made for");
            }
            Normalization = new Normalization(spec);
            IsChannelsLast = spec.Layout == TensorLayout.Nhwc;
            _elements = spec.Quantization;
            _order = Order(size, IsChannelsLast, spec.ColorOrder == ColorOrder.Bgr);
        }
        else
        {
            _order = [];
        }
        Shape = Picture is { } picture && IsChannelsLast ? [picture.Height, picture.Width, channels] : first.Shape.ToArray();
        SampleLength = first.Length;
        FixedBatch = _inputs[0].Shape is { Rank: > 0 } shape && shape[0].Size is { } batch && shape.Rank == first.Shape.Length + 1 ? (int)batch : null;
    }

    /// <summary>The samples.</summary>
    internal Dataset Data { get; }

    /// <summary>The size of the pictures; null where samples are none.</summary>
    internal PictureSize? Picture { get; }

    /// <summary>What makes the model's values of levels; null where samples are no pictures.</summary>
    internal Normalization? Normalization { get; }

    /// <summary>Whether the channels of a pixel lie side by side in the model's input.</summary>
    internal bool IsChannelsLast { get; }

    /// <summary>The model's first input, without the batch.</summary>
    internal int[] Shape { get; }

    /// <summary>Values of one sample of the first input.</summary>
    internal int SampleLength { get; }

    /// <summary>The batch that the model is made for; null where any will do.</summary>
    internal int? FixedBatch { get; }

    /// <summary>Connects.</summary>
    /// <exception cref="DataException">The samples do not fit the model.</exception>
    internal static SampleFeed Of(JudgedModel model, ModelCard? card, Dataset data) => new(model, card, data.WithoutAugmentation());

    /// <summary>The size of a data set's pictures; null where it holds none.</summary>
    internal static PictureSize? PictureOf(Dataset data) =>
        data.Inputs[0] is { Type: DataType.Float32, ChannelAxis: 0 } field && field.Shape is [1 or 3, var height, var width] ? new PictureSize(field.Shape[0], height, width) : null;

    /// <summary>The first input of a sample in the units of the data: levels from 0 to 255 for pictures, [C,H,W].</summary>
    internal float[] Read(int index)
    {
        var buffer = new SampleBuffer(Data);
        buffer.Read(index);
        return buffer.Input<float>().ToArray();
    }

    /// <summary>Samples in the units of the data as the model takes them.</summary>
    internal float[] ToModel(ReadOnlySpan<float> samples)
    {
        if (Normalization is null)
        {
            return samples.ToArray();
        }
        float[] result = new float[samples.Length];
        ReadOnlySpan<float> multiply = Normalization.Multiply;
        ReadOnlySpan<float> add = Normalization.Add;
        int plane = Picture!.Value.Plane;
        for (int start = 0; start < result.Length; start += SampleLength)
        {
            for (int place = 0; place < SampleLength; place++)
            {
                int channel = IsChannelsLast ? place % multiply.Length : place / plane;
                float product = samples[start + _order[place]] * multiply[channel];
                result[start + place] = product + add[channel];
            }
        }
        return result;
    }

    /// <summary>What the model takes as levels of pictures, in the order of the data.</summary>
    internal float[] ToLevels(ReadOnlySpan<float> values)
    {
        float[] result = values.ToArray();
        if (Normalization is not null)
        {
            for (int place = 0; place < result.Length; place++)
            {
                int inside = place % SampleLength;
                int channel = IsChannelsLast ? inside % Normalization.Channels : inside / Picture!.Value.Plane;
                result[place] = (result[place] - Normalization.Add[channel]) / Normalization.Multiply[channel];
            }
        }
        return InDataOrder(result);
    }

    /// <summary>Values in the model's order, such as gradients, in that of the data.</summary>
    internal float[] InDataOrder(ReadOnlySpan<float> values)
    {
        if (_order.Length == 0)
        {
            return values.ToArray();
        }
        float[] result = new float[values.Length];
        for (int start = 0; start < values.Length; start += SampleLength)
        {
            for (int place = 0; place < SampleLength; place++)
            {
                result[start + _order[place]] = values[start + place];
            }
        }
        return result;
    }

    /// <summary>Samples as the model's only input.</summary>
    /// <param name="values">What <see cref="ToModel"/> gives.</param>
    /// <param name="count">How many samples.</param>
    internal IReadOnlyDictionary<string, OnnxTensor> Tensors(float[] values, int count) =>
        new Dictionary<string, OnnxTensor> { [_inputs[0].Name] = Tensor(_inputs[0], values, [count, .. Shape.Select(size => (long)size)]) };

    /// <summary>Samples of the data set as the model's inputs.</summary>
    /// <param name="indices">Which.</param>
    /// <param name="targets">Gets what the model should answer, where those are values.</param>
    internal IReadOnlyDictionary<string, OnnxTensor> Batch(ReadOnlySpan<int> indices, List<float> targets)
    {
        var buffer = new SampleBuffer(Data);
        var memory = new byte[_inputs.Length][];
        for (int field = 0; field < memory.Length; field++)
        {
            memory[field] = new byte[indices.Length * Data.Inputs[field].Bytes];
        }
        for (int row = 0; row < indices.Length; row++)
        {
            buffer.Read(indices[row]);
            for (int field = 0; field < memory.Length; field++)
            {
                buffer.Input<byte>(field).CopyTo(memory[field].AsSpan(row * Data.Inputs[field].Bytes));
            }
            if (Data.TargetKind == TargetKind.Values)
            {
                targets.AddRange(buffer.Target<float>());
            }
        }
        var tensors = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        for (int field = 0; field < memory.Length; field++)
        {
            tensors[_inputs[field].Name] = field == 0 && Normalization is not null
                ? Tensor(_inputs[0], ToModel(MemoryMarshal.Cast<byte, float>(memory[0])), [indices.Length, .. Shape.Select(size => (long)size)])
                : Tensor(_inputs[field], Data.Inputs[field], memory[field], indices.Length);
        }
        return tensors;
    }

    private static Value[] Inputs(JudgedModel model, ModelCard? card, Dataset data)
    {
        Value[] inputs = [.. model.Model.Graph.Inputs.Where(input => input.Constant is null)];
        if (card?.Input.Tensor is { } name && inputs.Length == 1 && inputs[0].Name != name)
        {
            throw new ModelFormatException($"{model.Source}: its card names the input '{name}', the model has '{inputs[0].Name}'; make the card again");
        }
        if (inputs.Length > data.Inputs.Count)
        {
            throw new DataException($"{model.Source}: takes {inputs.Length} inputs ({string.Join(", ", inputs.Select(input => input.Name))}), a sample of {data.Name} has {data.Inputs.Count}; use the data it was made for");
        }
        return inputs.Length == 1 ? inputs : [.. data.Inputs.Take(inputs.Length).Select((field, index) => inputs.FirstOrDefault(input => input.Name == field.Name) ?? inputs[index])];
    }

    private static int[] Order(PictureSize size, bool isChannelsLast, bool isReversed)
    {
        int[] order = new int[size.Length];
        for (int place = 0; place < order.Length; place++)
        {
            (int channel, int pixel) = isChannelsLast ? (place % size.Channels, place / size.Channels) : (place / size.Plane, place % size.Plane);
            order[place] = ((isReversed ? size.Channels - 1 - channel : channel) * size.Plane) + pixel;
        }
        return order;
    }

    private OnnxTensor Tensor(Value input, float[] values, long[] dims)
    {
        if (_elements is { } map)
        {
            values = Array.ConvertAll(values, value => MathF.Round(value / map.Scale) + map.ZeroPoint);
        }
        return InputValues.Of(input.ElementType ?? ElementType.Float, values, dims) ?? throw Unfit(input, Data.Inputs[0]);
    }

    private OnnxTensor Tensor(Value input, Field field, byte[] bytes, int count) =>
        InputValues.Of(input.ElementType ?? ElementType.Float, field, bytes, [count, .. field.Shape.ToArray().Select(size => (long)size)]) ?? throw Unfit(input, field);

    private DataException Unfit(Value input, Field field) => new($"the model's input {input} does not take {field} of {Data.Name}; use the data it was made for");
}
