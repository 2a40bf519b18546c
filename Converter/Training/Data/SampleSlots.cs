using System.Runtime.InteropServices;

namespace Edge.Training.Data;

/// <summary>Where one sample goes: a piece of memory for each field, which may hold another sample's values before it is written.</summary>
public readonly unsafe ref struct SampleSlots
{
    private readonly ReadOnlySpan<nint> _starts;
    private readonly ReadOnlySpan<int> _bytes;
    private readonly int _row;

    /// <summary>Points at a row of a batch.</summary>
    /// <param name="starts">Where the batch's tensors begin: the inputs in order, then the target where there is one.</param>
    /// <param name="bytes">Bytes of a sample in each.</param>
    /// <param name="row">Which row.</param>
    internal SampleSlots(ReadOnlySpan<nint> starts, ReadOnlySpan<int> bytes, int row)
    {
        _starts = starts;
        _bytes = bytes;
        _row = row;
    }

    /// <summary>The memory of an input.</summary>
    /// <typeparam name="T">The .NET type of the field's elements.</typeparam>
    /// <param name="field">Which input, from 0.</param>
    public Span<T> Input<T>(int field = 0) where T : unmanaged => MemoryMarshal.Cast<byte, T>(Slot(field));

    /// <summary>The memory of the target, which comes behind all inputs.</summary>
    /// <typeparam name="T">long for a class, float otherwise.</typeparam>
    public Span<T> Target<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Slot(_starts.Length - 1));

    private Span<byte> Slot(int field) => new((byte*)_starts[field] + ((nint)_row * _bytes[field]), _bytes[field]);
}
