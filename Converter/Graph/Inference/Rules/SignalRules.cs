namespace Edge.Graph.Inference.Rules;

/// <summary>Fourier transforms.</summary>
internal static class SignalRules
{
    internal static void Dft(NodeInference node)
    {
        if (node.Shape(0) is not { Length: > 1 } shape)
        {
            return;
        }
        long named = node.Version < 20 ? node.Int("axis", 1) : !node.Has(2) ? -2 : node.Constants(2) is [var only] ? only : long.MinValue;
        if (named == long.MinValue)
        {
            node.Unknown("its axis is computed from data");
            return;
        }
        if (node.Axis(named, shape.Length) is not { } axis)
        {
            return;
        }
        bool oneSided = node.Int("onesided", 0) != 0;
        bool inverse = node.Int("inverse", 0) != 0;
        var result = (SizeExpression?[])shape.Clone();
        SizeExpression? length = node.Has(1) ? CreationRules.Scalar(node, 1).Whole : shape[axis];
        result[axis] = oneSided && !inverse ? SizeExpression.Add(SizeExpression.FloorDivide(length, SizeExpression.Of(2)), SizeExpression.One) : length;
        result[^1] = SizeExpression.Of(oneSided && inverse ? 1 : 2);
        node.Set(0, result);
    }

    internal static void Stft(NodeInference node)
    {
        if (node.Shape(0) is not { Length: >= 2 } signal)
        {
            return;
        }
        SizeExpression? frame = node.Has(3) ? CreationRules.Scalar(node, 3).Whole : node.Shape(2) is [var window] ? window : null;
        SizeExpression? frames = SizeExpression.Add(
            SizeExpression.FloorDivide(SizeExpression.Subtract(signal[1], frame), CreationRules.Scalar(node, 1).Whole), SizeExpression.One);
        SizeExpression? bins = node.Int("onesided", 1) != 0 ? SizeExpression.Add(SizeExpression.FloorDivide(frame, SizeExpression.Of(2)), SizeExpression.One) : frame;
        node.Set(0, [signal[0], frames, bins, SizeExpression.Of(2)]);
    }
}
