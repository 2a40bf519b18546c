using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Edge.Graph.Protobuf;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Edge.Graph.Serialization;

/// <summary>
/// Tensors from the three places where a file may keep them: raw bytes, typed fields, and files beside the model.
/// Every size is checked against the bytes that are there before anything is allocated.
/// </summary>
internal sealed class TensorReader(string? externalDataFolder)
{
    private readonly ExternalData? _external = externalDataFolder is null ? null : new ExternalData(externalDataFolder);

    internal static OnnxTensor ReadFile(ReadOnlyMemory<byte> bytes, string source)
    {
        TensorProto proto;
        try
        {
            proto = ParseRest(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException($"{source}: not an ONNX tensor, or cut short ({e.Message.TrimEnd('.')}); write it again", e);
        }
        return new TensorReader(externalDataFolder: null).Read(proto, source, bytes);
    }

    /// <summary>Parses a tensor but for the fields of numbers, which <see cref="Read"/> takes from where they lie.</summary>
    internal static TensorProto ParseRest(ReadOnlyMemory<byte> bytes)
    {
        var proto = new TensorProto();
        FieldCursor.MergeRest(bytes, proto, field => TypedNumbers.IsField(field.Number));
        return proto;
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="proto">The tensor; with <paramref name="bytes"/>, all of it but its fields of numbers.</param>
    /// <param name="where">What messages call it.</param>
    /// <param name="bytes">The message that was parsed in part; empty for one that was parsed as a whole.</param>
    internal OnnxTensor Read(TensorProto proto, string where, ReadOnlyMemory<byte> bytes = default)
    {
        var type = (ElementType)proto.DataType;
        if (!Enum.IsDefined(type) || type == ElementType.Undefined)
        {
            throw new ModelFormatException($"{where}: element type {proto.DataType} is unknown; export the model again");
        }
        if (proto.Segment is not null)
        {
            throw new ModelFormatException($"{where}: is stored in segments, which no tool writes any more; export the model again");
        }
        if (proto.Dims.Count > OnnxTensor.MaximumRank)
        {
            throw new ModelFormatException($"{where}: has {proto.Dims.Count} axes; {OnnxTensor.MaximumRank} are the most: export the model again");
        }
        long[] dims = [.. proto.Dims];
        string? name = proto.HasName ? proto.Name : null;
        string? doc = proto.HasDocString ? proto.DocString : null;
        KeyValuePair<string, string>[] metadata = proto.MetadataProps.Count == 0 ? [] : [.. proto.MetadataProps.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))];
        try
        {
            return type == ElementType.String
                ? new OnnxTensor(dims, Strings(proto.StringData)) { Name = name, DocString = doc, Metadata = metadata, Unknown = proto.Unknown }
                : new OnnxTensor(type, dims, Bytes(proto, type, where, bytes)) { Name = name, DocString = doc, Metadata = metadata, Unknown = proto.Unknown };
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new ModelFormatException($"{where}: {e.Message.Split(" (Parameter")[0]}; the file is damaged, export the model again", e);
        }
    }

    internal OnnxSparseTensor ReadSparse(SparseTensorProto proto, string where)
    {
        if (proto.Values is null || proto.Indices is null)
        {
            throw new ModelFormatException($"{where}: a sparse tensor needs values and indices; export the model again");
        }
        return new OnnxSparseTensor(Read(proto.Values, where), Read(proto.Indices, where), [.. proto.Dims]);
    }

    private ReadOnlyMemory<byte> Bytes(TensorProto proto, ElementType type, string where, ReadOnlyMemory<byte> bytes)
    {
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
        {
            return _external is null
                ? throw new ModelFormatException($"{where}: its data lie in another file, which a model from memory cannot name; load it from a file")
                : _external.Read(proto.ExternalData, where);
        }
        if (proto.HasRawData)
        {
            return proto.RawData.Memory;
        }
        if (!bytes.IsEmpty)
        {
            return TypedNumbers.Read(bytes, type, where);
        }
        return type switch
        {
            ElementType.Float or ElementType.Complex64 => Copy<float>(proto.FloatData),
            ElementType.Double or ElementType.Complex128 => Copy<double>(proto.DoubleData),
            ElementType.Int64 => Copy<long>(proto.Int64Data),
            ElementType.UInt64 => Copy<ulong>(proto.Uint64Data),
            ElementType.UInt32 => Narrow(proto.Uint64Data, 4, (bytes, value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value)),
            ElementType.Int32 => Copy<int>(proto.Int32Data),
            _ when type.BitsPerElement() == 16 => Narrow(proto.Int32Data, 2, (bytes, value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value)),
            _ => Narrow(proto.Int32Data, 1, (bytes, value) => bytes[0] = (byte)value),
        };
    }

    private static ReadOnlyMemory<byte>[] Strings(RepeatedField<ByteString> field)
    {
        var strings = new ReadOnlyMemory<byte>[field.Count];
        for (int index = 0; index < strings.Length; index++)
        {
            strings[index] = field[index].Memory;
        }
        return strings;
    }

    private static byte[] Copy<T>(RepeatedField<T> field) where T : unmanaged
    {
        byte[] bytes = new byte[field.Count * (long)Unsafe.SizeOf<T>()];
        Span<T> items = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int index = 0; index < items.Length; index++)
        {
            items[index] = field[index];
        }
        return bytes;
    }

    private delegate void Store<T>(Span<byte> bytes, T value);

    private static byte[] Narrow<T>(RepeatedField<T> field, int size, Store<T> store)
    {
        byte[] bytes = new byte[field.Count * size];
        for (int index = 0; index < field.Count; index++)
        {
            store(bytes.AsSpan(index * size, size), field[index]);
        }
        return bytes;
    }
}
