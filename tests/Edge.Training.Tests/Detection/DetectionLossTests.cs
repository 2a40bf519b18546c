using Edge.Torch;
using Edge.Training.Detection;

namespace Edge.Training.Tests.Detection;

/// <summary>The loss of detectors beside the same formulas in double, one cell after the other, and its gradient beside finite differences.</summary>
[Collection(nameof(TorchCollection))]
public sealed class DetectionLossTests
{
    private const int Side = 64;
    private const int Cells = 84;
    private const int Classes = 3;
    private const int Width = 5 + Classes;
    private const int Boxes = 4;

    [Theory]
    [InlineData(BoxLoss.Giou, 0, 1)]
    [InlineData(BoxLoss.Diou, 0, 1)]
    [InlineData(BoxLoss.Giou, 1.5, 2.5)]
    public void Compute_Batch_FollowsPlainTwinAndFiniteDifferences(BoxLoss box, double focus, double labelWeight)
    {
        double[] outputs = Outputs(2, seed: 3);
        float[] targets = Targets();
        using var loss = new DetectionLoss(Side, Side, box, 5, focus, labelWeight);
        using Tensor target = Tensor.From<float>(targets, [2, Boxes, 5]);
        using Tensor output = Tensor.From<float>(Array.ConvertAll(outputs, value => (float)value), [2, Cells, Width]);
        output.RequiresGrad = true;
        using Tensor value = loss.Compute(output, target);
        // Which cells answer for what does not change within the step: it is found once.
        List<(int Picture, Assignment Item)> assigned = Assigned(outputs, targets);
        Assert.NotEmpty(assigned);
        double expected = Twin(outputs, targets, assigned, box, focus, labelWeight);
        Assert.Equal(expected, value.Item(), 1e-4 * expected);
        value.Backward();
        using Tensor gradient = output.Gradient()!;
        float[] actual = gradient.ToArray<float>();
        var places = new HashSet<int>(Enumerable.Range(0, 40).Select(i => i * 31 % outputs.Length));
        foreach ((int picture, Assignment item) in assigned)
        {
            places.UnionWith(Enumerable.Range(((picture * Cells) + item.Cell) * Width, Width));
        }
        const double Step = 1e-6;
        foreach (int place in places)
        {
            double[] up = [.. outputs], down = [.. outputs];
            up[place] += Step;
            down[place] -= Step;
            double slope = (Twin(up, targets, assigned, box, focus, labelWeight) - Twin(down, targets, assigned, box, focus, labelWeight)) / (2 * Step);
            Assert.Equal(slope, actual[place], 2e-3 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Fact]
    public void Compute_NothingInThePictures_IsTheObjectsAlone()
    {
        double[] outputs = Outputs(1, seed: 4);
        using var loss = new DetectionLoss(Side, Side);
        using Tensor target = Tensor.From<float>([-1, 0, 0, 0, 0], [1, 1, 5]);
        using Tensor output = Tensor.From<float>(Array.ConvertAll(outputs, value => (float)value), [1, Cells, Width]);
        using Tensor value = loss.Compute(output, target);
        double expected = Enumerable.Range(0, Cells).Sum(cell => -Math.Log(1 - outputs[(cell * Width) + 4]));
        Assert.Equal(expected, value.Item(), 1e-4 * expected);
    }

    [Fact]
    public void Compute_AnotherNumberOfCells_SaysWhatFits()
    {
        using var loss = new DetectionLoss(Side, Side);
        using Tensor target = Tensor.From<float>([-1, 0, 0, 0, 0], [1, 1, 5]);
        using Tensor output = Tensor.Zeros(DataType.Float32, [1, 83, Width]);
        TrainingException e = Assert.Throws<TrainingException>(() => loss.Compute(output, target));
        Assert.Contains("83 cells, but an input of 64×64 has 84", e.Message, StringComparison.Ordinal);
    }

    private static double[] Outputs(int pictures, int seed)
    {
        var random = new Random(seed);
        double[] outputs = new double[pictures * Cells * Width];
        for (int i = 0; i < outputs.Length; i++)
        {
            int column = i % Width;
            // Through float, so that both sides compute with the same numbers.
            outputs[i] = (float)(column < 2 ? random.NextDouble() : column < 4 ? (random.NextDouble() * 2) - 0.2 : 0.05 + (0.9 * random.NextDouble()));
        }
        return outputs;
    }

    private static float[] Targets() =>
    [
        0, 20, 22, 25, 30, 2, 44, 40, 18, 14, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 32, 30, 50, 44, 0, 30, 34, 20, 16, 2, 9, 55, 12, 15, -1, 0, 0, 0, 0,
    ];

    private static List<(int Picture, Assignment Item)> Assigned(double[] outputs, float[] targets)
    {
        var assigner = new SimOta(DetectionGrid.Of(Side, Side, Cells));
        var all = new List<(int, Assignment)>();
        for (int picture = 0; picture < 2; picture++)
        {
            var boxes = new List<BoxTarget>();
            var items = new List<Assignment>();
            BoxTarget.Read(targets.AsSpan(picture * Boxes * 5, Boxes * 5), boxes);
            assigner.Assign(Array.ConvertAll(outputs, value => (float)value).AsSpan(picture * Cells * Width, Cells * Width), boxes, items);
            all.AddRange(items.Select(item => (picture, item)));
        }
        return all;
    }

    private static double Twin(double[] outputs, float[] targets, List<(int Picture, Assignment Item)> assigned, BoxLoss kind, double focus, double labelWeight)
    {
        double sum = 0;
        for (int row = 0; row < outputs.Length / Width; row++)
        {
            double found = outputs[(row * Width) + 4];
            double truth = assigned.Any(a => (a.Picture * Cells) + a.Item.Cell == row) ? 1 : 0;
            double entropy = truth == 1 ? -Math.Log(found) : -Math.Log(1 - found);
            sum += entropy * (focus == 0 ? 1 : Math.Pow(Math.Abs(truth - found), focus));
        }
        foreach ((int picture, Assignment item) in assigned)
        {
            ReadOnlySpan<double> o = outputs.AsSpan(((picture * Cells) + item.Cell) * Width, Width);
            ReadOnlySpan<float> t = targets.AsSpan(((picture * Boxes) + item.Truth) * 5, 5);
            for (int number = 0; number < Classes; number++)
            {
                double wanted = number == (int)t[0] ? item.Overlap : 0;
                sum -= labelWeight * ((wanted * Math.Log(o[5 + number])) + ((1 - wanted) * Math.Log(1 - o[5 + number])));
            }
            (int stride, int column, int cellRow) = item.Cell < 64 ? (8, item.Cell % 8, item.Cell / 8) : item.Cell < 80 ? (16, (item.Cell - 64) % 4, (item.Cell - 64) / 4) : (32, (item.Cell - 80) % 2, (item.Cell - 80) / 2);
            double x = (o[0] + column) * stride, y = (o[1] + cellRow) * stride, w = Math.Exp(o[2]) * stride, h = Math.Exp(o[3]) * stride;
            double sharedW = Math.Max(0, Math.Min(x + (w / 2), t[1] + (t[3] / 2)) - Math.Max(x - (w / 2), t[1] - (t[3] / 2)));
            double sharedH = Math.Max(0, Math.Min(y + (h / 2), t[2] + (t[4] / 2)) - Math.Max(y - (h / 2), t[2] - (t[4] / 2)));
            double hullW = Math.Max(x + (w / 2), t[1] + (t[3] / 2)) - Math.Min(x - (w / 2), t[1] - (t[3] / 2));
            double hullH = Math.Max(y + (h / 2), t[2] + (t[4] / 2)) - Math.Min(y - (h / 2), t[2] - (t[4] / 2));
            double both = (w * h) + ((double)t[3] * t[4]) - (sharedW * sharedH);
            double penalty = kind == BoxLoss.Giou
                ? ((hullW * hullH) - both) / (hullW * hullH)
                : (((x - t[1]) * (x - t[1])) + ((y - t[2]) * (y - t[2]))) / ((hullW * hullW) + (hullH * hullH));
            sum += 5 * (1 - (sharedW * sharedH / both) + penalty);
        }
        return sum / assigned.Count;
    }
}
