namespace Edge.Inference;

/// <summary>
/// FastestDet (dog-qiuqiu, 2022): one grid <c>[1, 5 + classes, rows, columns]</c>, channels: object probability, offset x and y (tanh),
/// width and height as shares of the input (sigmoid), a probability a class. A box's score is object^0.6 × class^0.4.
/// </summary>
internal sealed class FastestDet : DetectorHead
{
    private const int ScoresAt = 5;
    private const float ObjectPower = 0.6f;
    private const float ClassPower = 0.4f;
    private readonly int _output;
    private readonly int _rows;
    private readonly int _columns;
    private readonly float _inputWidth;
    private readonly float _inputHeight;

    internal FastestDet(HeadContext context)
    {
        _output = context.OutputIndex();
        TensorPort port = context.Require(_output, 4, "float32 [1, 5 + classes, rows, columns]");
        Classes = (int)port.Dimensions[1] - ScoresAt;
        if (Classes <= 0)
        {
            throw context.Misfit($"'{port.Name}' is {port}: a cell needs 5 + classes channels");
        }
        (_rows, _columns) = ((int)port.Dimensions[2], (int)port.Dimensions[3]);
        (_inputWidth, _inputHeight) = (context.Input.Width, context.Input.Height);
    }

    internal override int Classes { get; }

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        ReadOnlySpan<float> output = session.Output(_output);
        int cells = _rows * _columns;
        // No class score is above 1, so an object score below this cannot reach the threshold.
        float least = MathF.Pow(threshold, 1 / ObjectPower);
        for (int cell = 0; cell < cells; cell++)
        {
            if (!(output[cell] >= least))
            {
                continue;
            }
            int best = 0;
            for (int i = 1; i < Classes; i++)
            {
                best = output[((ScoresAt + i) * cells) + cell] > output[((ScoresAt + best) * cells) + cell] ? i : best;
            }
            float score = MathF.Pow(output[cell], ObjectPower) * MathF.Pow(output[((ScoresAt + best) * cells) + cell], ClassPower);
            if (score >= threshold)
            {
                (int y, int x) = int.DivRem(cell, _columns);
                candidates.AddCentred(
                    (x + MathF.Tanh(output[cells + cell])) / _columns * _inputWidth, (y + MathF.Tanh(output[(2 * cells) + cell])) / _rows * _inputHeight,
                    Logistic.Of(output[(3 * cells) + cell]) * _inputWidth, Logistic.Of(output[(4 * cells) + cell]) * _inputHeight, best, score);
            }
        }
    }
}
