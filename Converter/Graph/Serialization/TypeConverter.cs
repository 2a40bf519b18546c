using Edge.Graph.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>Types between file and memory.</summary>
internal static class TypeConverter
{
    internal static OnnxType? FromProto(TypeProto proto)
    {
        string? denotation = proto.HasDenotation ? proto.Denotation : null;
        OnnxType? type = proto.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => new TensorType((ElementType)proto.TensorType.ElemType, FromProto(proto.TensorType.Shape)),
            TypeProto.ValueOneofCase.SparseTensorType => new SparseTensorType((ElementType)proto.SparseTensorType.ElemType, FromProto(proto.SparseTensorType.Shape)),
            TypeProto.ValueOneofCase.SequenceType when Item(proto.SequenceType.ElemType) is { } item => new SequenceType(item),
            TypeProto.ValueOneofCase.OptionalType when Item(proto.OptionalType.ElemType) is { } item => new OptionalType(item),
            TypeProto.ValueOneofCase.MapType when Item(proto.MapType.ValueType) is { } item => new MapType((ElementType)proto.MapType.KeyType, item),
            TypeProto.ValueOneofCase.OpaqueType => new OpaqueType(proto.OpaqueType.Domain, proto.OpaqueType.Name),
            _ => null,
        };
        return denotation is null || type is null ? type : type with { Denotation = denotation };
    }

    internal static TypeProto ToProto(OnnxType type)
    {
        var proto = new TypeProto();
        switch (type)
        {
            case TensorType tensor:
                proto.TensorType = new TypeProto.Types.Tensor { ElemType = (int)tensor.Element, Shape = ToProto(tensor.Shape) };
                break;
            case SparseTensorType sparse:
                proto.SparseTensorType = new TypeProto.Types.SparseTensor { ElemType = (int)sparse.Element, Shape = ToProto(sparse.Shape) };
                break;
            case SequenceType sequence:
                proto.SequenceType = new TypeProto.Types.Sequence { ElemType = ToProto(sequence.Item) };
                break;
            case OptionalType optional:
                proto.OptionalType = new TypeProto.Types.Optional { ElemType = ToProto(optional.Item) };
                break;
            case MapType map:
                proto.MapType = new TypeProto.Types.Map { KeyType = (int)map.Key, ValueType = ToProto(map.Item) };
                break;
            case OpaqueType opaque:
                proto.OpaqueType = new TypeProto.Types.Opaque { Domain = opaque.Domain, Name = opaque.Name };
                break;
            default:
                throw new ArgumentException($"{type.GetType().Name} is not a type that ONNX knows", nameof(type));
        }
        if (type.Denotation is not null)
        {
            proto.Denotation = type.Denotation;
        }
        return proto;
    }

    private static OnnxType? Item(TypeProto? proto) => proto is null ? null : FromProto(proto);

    private static TensorShape? FromProto(TensorShapeProto? proto)
    {
        if (proto is null)
        {
            return null;
        }
        if (proto.Dim.Count > OnnxTensor.MaximumRank)
        {
            throw new ModelFormatException($"a type has {proto.Dim.Count} axes; {OnnxTensor.MaximumRank} are the most: export the model again");
        }
        var dimensions = new Dimension[proto.Dim.Count];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            TensorShapeProto.Types.Dimension dim = proto.Dim[axis];
            // Some exporters write -1 where they mean "not known".
            dimensions[axis] = dim.ValueCase switch
            {
                TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dim.DimValue >= 0 => dim.DimValue,
                TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam => dim.DimParam,
                _ => Dimension.Unknown,
            };
        }
        bool hasDenotations = proto.Dim.Any(dim => dim.HasDenotation);
        return new TensorShape(dimensions) { Denotations = hasDenotations ? [.. proto.Dim.Select(dim => dim.HasDenotation ? dim.Denotation : null)] : null };
    }

    private static TensorShapeProto? ToProto(TensorShape? shape)
    {
        if (shape is null)
        {
            return null;
        }
        var proto = new TensorShapeProto();
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            Dimension dimension = shape[axis];
            var dim = new TensorShapeProto.Types.Dimension();
            if (dimension.Size is { } size)
            {
                dim.DimValue = size;
            }
            else if (dimension.Symbol is { } symbol)
            {
                dim.DimParam = symbol;
            }
            if (shape.Denotations is { } denotations && axis < denotations.Count && denotations[axis] is { } denotation)
            {
                dim.Denotation = denotation;
            }
            proto.Dim.Add(dim);
        }
        return proto;
    }
}
