using Edge.Graph;

namespace Edge.Quantizer.Passes;

/// <summary>
/// Lets a quantized model take its 8-bit input as it is computed with: the rounding of the first activation moves to whoever makes
/// the input, who then writes a quarter of the bytes and never sees a float.
/// </summary>
public static class FoldInput
{
    /// <summary>Folds the input of a model in place.</summary>
    /// <param name="model">A QDQ model.</param>
    /// <param name="name">Its input.</param>
    /// <returns>How a value becomes an element of the new input; null where something reads the input as float, and nothing was changed.</returns>
    public static AffineParameters? Run(OnnxModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxGraph graph = model.Graph;
        if (graph.Find(name) is not { IsGraphInput: true, IsGraphOutput: false, Type: TensorType type } input
            || input.Uses.Select(use => use.Node).Distinct().ToArray() is not [{ Domain: "", OpType: "QuantizeLinear" } quantize]
            || quantize.Input(1)?.Constant is not { Length: 1 } scale || quantize.Input(2)?.Constant is not { Type: ElementType.UInt8 or ElementType.Int8, Length: 1 } zero
            || quantize.Outputs[0] is not { IsGraphOutput: false } whole)
        {
            return null;
        }
        whole.ReplaceAllUsesWith(input);
        quantize.TryRemove();
        input.Type = type with { Element = zero.Type };
        ModelVerifier.ThrowIfInvalid(model, "quantized model");
        return new AffineParameters(scale.AsSpan<float>()[0], zero.Type == ElementType.UInt8 ? zero.AsSpan<byte>()[0] : zero.AsSpan<sbyte>()[0]);
    }
}
