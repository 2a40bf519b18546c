using System.Buffers.Binary;
using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>The fields in which a tensor lists its numbers one by one, read straight into the tensor's bytes.</summary>
internal static class TypedNumbers
{
    /// <summary>Is that a field of numbers of a tensor?</summary>
    internal static bool IsField(int number) => number is TensorProto.FloatDataFieldNumber or TensorProto.Int32DataFieldNumber
        or TensorProto.Int64DataFieldNumber or TensorProto.DoubleDataFieldNumber or TensorProto.Uint64DataFieldNumber;

    /// <summary>Reads them, packed or not.</summary>
    /// <param name="tensor">The bytes of the tensor's message.</param>
    /// <param name="type">What its elements are, which says in which field they lie.</param>
    /// <param name="where">What messages call it.</param>
    /// <returns>The elements, little-endian.</returns>
    /// <exception cref="ModelFormatException">A number is cut short, or there are too many.</exception>
    internal static byte[] Read(ReadOnlyMemory<byte> tensor, ElementType type, string where)
    {
        (int field, int size, bool isFixed) = Place(type);
        long count = 0;
        for (var cursor = new FieldCursor(tensor); cursor.MoveNext();)
        {
            count += cursor.Number == field ? Count(cursor, size, isFixed, where) : 0;
        }
        if (count * size > Array.MaxLength)
        {
            throw new ModelFormatException($"{where}: lists {count} numbers, more than a tensor holds; keep them as raw bytes in a file beside the model");
        }
        byte[] bytes = new byte[count * size];
        Span<byte> left = bytes;
        for (var cursor = new FieldCursor(tensor); cursor.MoveNext();)
        {
            if (cursor.Number == field)
            {
                left = left[Copy(cursor.Content.Span, left, size, isFixed, where)..];
            }
        }
        return bytes;
    }

    private static (int Field, int Size, bool IsFixed) Place(ElementType type) => type switch
    {
        ElementType.Float or ElementType.Complex64 => (TensorProto.FloatDataFieldNumber, 4, true),
        ElementType.Double or ElementType.Complex128 => (TensorProto.DoubleDataFieldNumber, 8, true),
        ElementType.Int64 => (TensorProto.Int64DataFieldNumber, 8, false),
        ElementType.UInt64 => (TensorProto.Uint64DataFieldNumber, 8, false),
        ElementType.UInt32 => (TensorProto.Uint64DataFieldNumber, 4, false),
        ElementType.Int32 => (TensorProto.Int32DataFieldNumber, 4, false),
        _ => (TensorProto.Int32DataFieldNumber, type.BitsPerElement() == 16 ? 2 : 1, false),
    };

    private static int Count(FieldCursor field, int size, bool isFixed, string where)
    {
        ReadOnlySpan<byte> content = field.Content.Span;
        bool isPacked = field.Wire == WireFormat.WireType.LengthDelimited;
        bool isWhole = isFixed
            ? isPacked ? content.Length % size == 0 : content.Length == size && field.Wire != WireFormat.WireType.Varint
            : (isPacked || field.Wire == WireFormat.WireType.Varint) && (content.IsEmpty || content[^1] < 0x80);
        return isWhole
            ? isFixed ? content.Length / size : Varint.Count(content)
            : throw CutShort(where);
    }

    private static ModelFormatException CutShort(string where) => new($"{where}: a number in it is cut short or too long; the file is damaged, export the model again");

    // A whole number that is wider than the element keeps its low bytes, as in two's complement.
    private static int Copy(ReadOnlySpan<byte> content, Span<byte> into, int size, bool isFixed, string where)
    {
        if (isFixed)
        {
            content.CopyTo(into);
            return content.Length;
        }
        Span<byte> wide = stackalloc byte[8];
        int written = 0;
        for (int place = 0; place < content.Length; written += size)
        {
            if (!Varint.TryRead(content, ref place, out ulong value))
            {
                throw CutShort(where);
            }
            BinaryPrimitives.WriteUInt64LittleEndian(wide, value);
            wide[..size].CopyTo(into[written..]);
        }
        return written;
    }
}
