using Edge.Inference;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>
/// What the authors of a detector family feed their models with, and the thresholds they show results at; each row is from their own
/// preprocessing or demo code. A model that was trained otherwise says so with options.
/// </summary>
internal static class DetectorCard
{
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageNetStd = [0.229f, 0.224f, 0.225f];

    private static readonly Dictionary<string, Preset> Presets = new(StringComparer.Ordinal)
    {
        [OutputSpec.YoloX] = new(ColorOrder.Bgr, 1, Resize: ResizeMode.Letterbox, Place: PaddingPlace.TopLeft),
        [OutputSpec.YoloV5] = new(ColorOrder.Rgb, 1 / 255f, Resize: ResizeMode.Letterbox, Threshold: 0.25f),
        [OutputSpec.YoloV7] = new(ColorOrder.Rgb, 1 / 255f, Resize: ResizeMode.Letterbox, Threshold: 0.25f),
        [OutputSpec.YoloV8] = new(ColorOrder.Rgb, 1 / 255f, Resize: ResizeMode.Letterbox, Threshold: 0.25f),
        [OutputSpec.EndToEnd] = new(ColorOrder.Rgb, 1 / 255f, Resize: ResizeMode.Letterbox, Threshold: 0.25f),
        [OutputSpec.EfficientNms] = new(ColorOrder.Rgb, 1 / 255f, Resize: ResizeMode.Letterbox, Threshold: 0.25f),
        [OutputSpec.RtDetr] = new(ColorOrder.Rgb, 1 / 255f, Threshold: 0.5f),
        [OutputSpec.Detr] = new(ColorOrder.Rgb, 1 / 255f, ImageNetMean, ImageNetStd, Threshold: 0.7f),
        [OutputSpec.Ssd] = new(ColorOrder.Rgb, 1 / 128f, [127 / 128f], Threshold: 0.5f, Iou: 0.3f),
        [OutputSpec.UltraFace] = new(ColorOrder.Rgb, 1 / 128f, [127 / 128f], Threshold: 0.7f, Iou: 0.3f),
        [OutputSpec.NanoDetPlus] = new(ColorOrder.Bgr, 1, [103.53f, 116.28f, 123.675f], [57.375f, 57.12f, 58.395f], Threshold: 0.35f),
        [OutputSpec.PicoDet] = new(ColorOrder.Rgb, 1 / 255f, ImageNetMean, ImageNetStd, Threshold: 0.4f),
        [OutputSpec.FastestDet] = new(ColorOrder.Bgr, 1 / 255f, Threshold: 0.65f),
        [OutputSpec.YoloFastestV2] = new(ColorOrder.Bgr, 1 / 255f, Threshold: 0.3f),
        [OutputSpec.YuNet] = new(ColorOrder.Bgr, 1, Resize: ResizeMode.Letterbox, Place: PaddingPlace.TopLeft, Padding: 0, Threshold: 0.6f),
        [OutputSpec.BlazeFace] = new(ColorOrder.Rgb, 1 / 127.5f, [1], Resize: ResizeMode.Letterbox, Padding: 0, Threshold: 0.75f),
        [OutputSpec.CenterNet] = new(ColorOrder.Bgr, 1 / 255f, [0.408f, 0.447f, 0.470f], [0.289f, 0.274f, 0.278f], ResizeMode.Letterbox, Padding: 0),
        [OutputSpec.TensorFlowDetection] = new(ColorOrder.Rgb, 1),
    };

    /// <summary>A card as a detector's.</summary>
    /// <param name="card">What the graph says.</param>
    /// <param name="family">The family.</param>
    /// <exception cref="PackageException">The family is not known.</exception>
    internal static ModelCard Of(ModelCard card, string family)
    {
        if (!DetectorFamilies.Names.Contains(family) || !Presets.TryGetValue(family, out Preset? preset))
        {
            throw new PackageException($"--family {family}: not a family that is known; use one of {string.Join(", ", DetectorFamilies.Names)}");
        }
        InputSpec input = card.Input with { };
        input.ColorOrder = input.Channels == 3 ? preset.Color : input.ColorOrder;
        input.Scale = preset.Scale;
        input.Mean = Channels(preset.Mean, input.Channels);
        input.Std = Channels(preset.Std, input.Channels);
        (input.Resize, input.PaddingPlace, input.PaddingValue) = (preset.Resize, preset.Place, preset.Padding);
        var output = new OutputSpec { Family = family, Tensor = card.Output.Tensor, Threshold = preset.Threshold, IouThreshold = preset.Iou };
        return card with { Task = ModelTask.Detect, Input = input, Output = output, Labels = card.Labels.Count > 0 ? card.Labels : OwnLabels(family) };
    }

    // Face detectors know one thing; all others need to be told their names.
    private static IReadOnlyList<string> OwnLabels(string family) =>
        family is OutputSpec.UltraFace or OutputSpec.YuNet or OutputSpec.BlazeFace ? ["face"] : [];

    private static IReadOnlyList<float> Channels(float[]? values, int channels) =>
        values is null ? [] : values.Length == 1 ? [.. Enumerable.Repeat(values[0], channels)] : values.Length == channels ? values : [values.Average()];

    private sealed record Preset(
        ColorOrder Color, float Scale, float[]? Mean = null, float[]? Std = null, ResizeMode Resize = ResizeMode.Stretch,
        PaddingPlace Place = PaddingPlace.Center, int Padding = 114, float Threshold = 0.3f, float? Iou = null);
}
