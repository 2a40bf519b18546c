using System.Runtime.InteropServices;
using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>One sample in memory of its own, for whoever needs it outside of a batch. For one thread at a time.</summary>
public sealed unsafe class SampleBuffer
{
    private readonly byte[][] _memory;
    private readonly nint[] _starts;
    private readonly int[] _bytes;
    private readonly Dataset _dataset;

    /// <summary>Makes room for a sample.</summary>
    /// <param name="dataset">Whose samples.</param>
    public SampleBuffer(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _dataset = dataset;
        _bytes = dataset.FieldBytes();
        _memory = new byte[_bytes.Length][];
        _starts = new nint[_bytes.Length];
        for (int i = 0; i < _bytes.Length; i++)
        {
            _memory[i] = GC.AllocateArray<byte>(_bytes[i], pinned: true);
            _starts[i] = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_memory[i], 0);
        }
    }

    /// <summary>Reads a sample; what chance decides is decided by the seed.</summary>
    /// <param name="index">From 0 to the set's count − 1.</param>
    /// <param name="seed">Where the sample's random numbers begin.</param>
    public void Read(int index, ulong seed = 0)
    {
        var random = new SplitMix64(seed);
        _dataset.Read(index, new SampleSlots(_starts, _bytes, 0), ref random);
    }

    /// <summary>The sample's input, until the next one is read.</summary>
    /// <typeparam name="T">The .NET type of the field's elements.</typeparam>
    /// <param name="field">Which input, from 0.</param>
    public Span<T> Input<T>(int field = 0) where T : unmanaged => MemoryMarshal.Cast<byte, T>(_memory[field].AsSpan());

    /// <summary>The sample's target, until the next one is read; the first input where that is the target.</summary>
    /// <typeparam name="T">long for a class, float otherwise.</typeparam>
    public Span<T> Target<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(_memory[_dataset.Target is null ? 0 : ^1].AsSpan());
}
