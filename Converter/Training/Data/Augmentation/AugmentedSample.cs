using System.Runtime.InteropServices;

namespace Edge.Training.Data;

/// <summary>What an augmentation works on.</summary>
public readonly ref struct AugmentedSample
{
    private readonly Span<byte> _values;
    private readonly Span<byte> _scratch;

    /// <summary>Puts memory together.</summary>
    /// <param name="field">What the elements are.</param>
    /// <param name="values">The sample's bytes.</param>
    /// <param name="scratch">As many bytes to work in.</param>
    public AugmentedSample(Field field, Span<byte> values, Span<byte> scratch)
    {
        Field = field;
        _values = values;
        _scratch = scratch;
    }

    /// <summary>Element type and shape.</summary>
    public Field Field { get; }

    /// <summary>The elements, in C order.</summary>
    /// <typeparam name="T">The .NET type of the field's elements.</typeparam>
    public Span<T> Values<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(_values);

    /// <summary>As many elements to work in, of unknown content.</summary>
    /// <typeparam name="T">The .NET type of the field's elements.</typeparam>
    public Span<T> Scratch<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(_scratch);
}
