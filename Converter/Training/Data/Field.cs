using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>One tensor of a sample: an input of the model, or what it should answer.</summary>
public sealed class Field
{
    /// <summary>The most bytes that one sample may have in a field.</summary>
    public const int MaximumBytes = 1 << 28;

    private readonly int[] _shape;

    /// <summary>Describes a field.</summary>
    /// <param name="name">Its name; a model's input of the same name takes it.</param>
    /// <param name="type">What its elements are.</param>
    /// <param name="shape">The size of each dimension, without the batch; none for a number.</param>
    /// <exception cref="DataException">A size is not positive, or a sample would be over 256 MiB.</exception>
    public Field(string name, DataType type, params ReadOnlySpan<int> shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Type = type;
        _shape = shape.ToArray();
        long bytes = type.Size();
        foreach (int size in shape)
        {
            bytes = size > 0 && bytes <= MaximumBytes / size ? bytes * size : throw new DataException($"field '{name}': a sample of [{string.Join(',', _shape)}] {type} is empty or over {MaximumBytes >> 20} MiB; make it smaller");
        }
        Bytes = (int)bytes;
        Length = Bytes / type.Size();
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What its elements are.</summary>
    public DataType Type { get; }

    /// <summary>The size of each dimension, without the batch.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Elements of a sample.</summary>
    public int Length { get; }

    /// <summary>Bytes of a sample.</summary>
    public int Bytes { get; }

    /// <summary>Which dimension counts channels or columns, each with a scale of its own; null where there is none (token numbers).</summary>
    public int? ChannelAxis { get; init; }

    /// <summary>How many channels or columns; 1 where there is no such dimension.</summary>
    public int Channels => ChannelAxis is { } axis ? _shape[axis] : 1;

    /// <summary>The shape with a batch in front.</summary>
    /// <param name="batch">Samples in the batch.</param>
    public long[] Batched(int batch)
    {
        var shape = new long[_shape.Length + 1];
        shape[0] = batch;
        for (int i = 0; i < _shape.Length; i++)
        {
            shape[i + 1] = _shape[i];
        }
        return shape;
    }

    /// <summary><c>image Float32[1,28,28]</c>.</summary>
    public override string ToString() => $"{Name} {Type}[{string.Join(',', _shape)}]";
}
