namespace Edge.Graph.Analysis;

/// <summary>Recognises detectors by what their heads write for each cell of a grid.</summary>
internal static class GridDetectors
{
    private const int Bins = 8;

    internal static IEnumerable<Guess>? Find(ModelFacts facts) => CenterNet(facts) ?? Distributions(facts) ?? RawYolo(facts) ?? YoloFastestV2(facts);

    private static IEnumerable<Guess>? CenterNet(ModelFacts facts)
    {
        if (facts.Outputs.Count != 3 || facts.Outputs.Any(output => ModelFacts.Rank(output) != 4))
        {
            return null;
        }
        Value? heat = facts.Outputs.FirstOrDefault(output => ModelFacts.Says(output.Name, "hm", "heatmap", "heat"));
        Value[] pairs = [.. facts.Outputs.Where(output => !ReferenceEquals(output, heat) && ModelFacts.Size(output, 1) == 2)];
        return heat is null || pairs.Length != 2 || pairs.Any(pair => ModelFacts.Size(pair, 2) != ModelFacts.Size(heat, 2))
            ? null
            :
            [
                new Guess(heat.Name, "detections", $"heat maps of {ModelFacts.Size(heat, 1)} classes, whose peaks are centres", Certainty.Likely, "its name and shape"),
                DetectorFamilies.Model("CenterNet object detector", Certainty.Likely, "a heat map, sizes and offsets", "centernet"),
            ];
    }

    // NanoDet-Plus: classes and 4 × 8 bins a cell of the strides 8 to 64. PicoDet: the same in two outputs a stride.
    private static IEnumerable<Guess>? Distributions(ModelFacts facts)
    {
        if (facts.Picture is not { Height: { } height, Width: { } width } || facts.Outputs.Any(output => ModelFacts.Rank(output) != 3))
        {
            return null;
        }
        long[] cells = [.. ((long[])[8, 16, 32, 64]).Select(stride => ((height + stride - 1) / stride) * ((width + stride - 1) / stride))];
        if (facts.Outputs is [var single] && ModelFacts.Size(single, 1) == cells.Sum() && ModelFacts.Size(single, 2) is > 4 * Bins and var channels)
        {
            return
            [
                new Guess(single.Name, "detections", $"{cells.Sum()} cells: scores of {channels - (4 * Bins)} classes, then how far each side is as a distribution over {Bins} cells", Certainty.Likely, "its shape"),
                DetectorFamilies.Model("NanoDet-Plus object detector", Certainty.Likely, $"{cells.Sum()} rows, one for each cell of its grids of strides 8 to 64", "nanodet-plus"),
            ];
        }
        bool isPair = facts.Outputs.Count is 6 or 8 && cells.Take(facts.Outputs.Count / 2).All(count => facts.Outputs.Count(output => ModelFacts.Size(output, 1) == count) == 2
            && facts.Outputs.Any(output => ModelFacts.Size(output, 1) == count && ModelFacts.Size(output, 2) == 4 * Bins));
        return isPair ? [DetectorFamilies.Model("PicoDet or NanoDet object detector", Certainty.Likely, "scores and distributions for each stride", "picodet")] : null;
    }

    // YOLOv5 or v7 without its detection layer: three anchors a cell, one output a stride.
    private static IEnumerable<Guess>? RawYolo(ModelFacts facts)
    {
        if (facts.Picture is not { Height: { } height, Width: { } width } || facts.Outputs.Count != 3
            || !((long[])[8, 16, 32]).All(stride => facts.Outputs.Any(output => ModelFacts.Rank(output) == 5 && ModelFacts.Size(output, 1) == 3
                && ModelFacts.Size(output, 2) == height / stride && ModelFacts.Size(output, 3) == width / stride && ModelFacts.Size(output, 4) > 5)))
        {
            return null;
        }
        return [DetectorFamilies.Model("YOLO object detector of version 5 or 7 without its detection layer", Certainty.Likely, "three anchors a cell of the strides 8, 16 and 32", "yolov5")];
    }

    private static IEnumerable<Guess>? YoloFastestV2(ModelFacts facts)
    {
        if (facts.Picture is not { Height: { } height, Width: { } width } || facts.Outputs.Count != 2
            || !((long[])[16, 32]).All(stride => facts.Outputs.Any(output => ModelFacts.Rank(output) == 4
                && ModelFacts.Size(output, 1) == height / stride && ModelFacts.Size(output, 2) == width / stride && ModelFacts.Size(output, 3) > 15)))
        {
            return null;
        }
        return [DetectorFamilies.Model("Yolo-FastestV2 object detector", Certainty.Likely, "two grids of the strides 16 and 32, channels last", "yolo-fastestv2")];
    }
}
