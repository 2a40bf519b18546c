using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Analysis;

/// <summary>The numbers that a node reads as a weight: a constant, seen through the Cast, Identity or DequantizeLinear in front of it.</summary>
internal sealed class EffectiveWeight
{
    private readonly OnnxTensor _tensor;
    private readonly OnnxTensor? _scale;
    private readonly OnnxTensor? _zeroPoint;
    private readonly int _axis;

    private EffectiveWeight(Value origin, OnnxTensor tensor, Node? dequantize)
    {
        Origin = origin;
        _tensor = tensor;
        _scale = dequantize?.Input(1)?.Constant;
        _zeroPoint = dequantize?.Input(2)?.Constant;
        int axis = (int)(dequantize?.Attributes.GetInt("axis", 1) ?? 1);
        _axis = axis < 0 ? axis + tensor.Dims.Length : axis;
    }

    /// <summary>The constant that it comes from.</summary>
    internal Value Origin { get; }

    internal OnnxTensor Tensor => _tensor;

    /// <summary>Finds the constant behind a value, or null.</summary>
    internal static EffectiveWeight? Of(Value? value)
    {
        Node? dequantize = null;
        for (int step = 0; step < 4 && value is not null; step++)
        {
            if (value.Constant is { } tensor)
            {
                return Fits(tensor, dequantize) ? new EffectiveWeight(value, tensor, dequantize) : null;
            }
            Node? maker = value.Producer;
            if (maker?.Is("Constant") == true)
            {
                return maker.Attributes.Find("value")?.Content is OnnxTensor held && Fits(held, dequantize) ? new EffectiveWeight(value, held, dequantize) : null;
            }
            if (maker is null || !(maker.Is("Cast") || maker.Is("Identity") || (maker.Is("DequantizeLinear") && dequantize is null)))
            {
                return null;
            }
            dequantize = maker.Is("DequantizeLinear") ? maker : dequantize;
            value = maker.Input(0);
        }
        return null;
    }

    /// <summary>An element; null for types without a .NET number.</summary>
    internal double? At(int index)
    {
        double? number = Numbers.At(_tensor, index);
        if (_scale is null)
        {
            return number;
        }
        int place = _scale.Length == 1 ? 0 : Channel(index);
        double zero = _zeroPoint is null ? 0 : Numbers.At(_zeroPoint, _zeroPoint.Length == 1 ? 0 : place) ?? 0;
        return (number - zero) * Numbers.At(_scale, place);
    }

    // One scale for all, or one a slice along the axis; blocks are not followed.
    private static bool Fits(OnnxTensor tensor, Node? dequantize)
    {
        if (dequantize is null)
        {
            return true;
        }
        int axis = (int)dequantize.Attributes.GetInt("axis", 1);
        axis = axis < 0 ? axis + tensor.Dims.Length : axis;
        return dequantize.Input(1)?.Constant is { } scale && (scale.Length == 1 || (axis >= 0 && axis < tensor.Dims.Length && scale.Length == tensor.Dims[axis]))
            && (dequantize.Input(2) is not { } zero || (zero.Constant is { } tensorOfZeros && tensorOfZeros.Length == scale.Length));
    }

    private int Channel(int index)
    {
        long behind = 1;
        for (int axis = _axis + 1; axis < _tensor.Dims.Length; axis++)
        {
            behind *= _tensor.Dims[axis];
        }
        return (int)(index / behind % _tensor.Dims[_axis]);
    }
}
