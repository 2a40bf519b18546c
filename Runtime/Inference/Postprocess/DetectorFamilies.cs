using Edge.Packages;

namespace Edge.Inference;

/// <summary>The families of detectors whose outputs can be read.</summary>
public static class DetectorFamilies
{
    private static readonly Dictionary<string, Func<HeadContext, DetectorHead>> Heads = new(StringComparer.Ordinal)
    {
        [OutputSpec.YoloX] = context => new YoloX(context),
        [OutputSpec.YoloV5] = YoloV5.Version5,
        [OutputSpec.YoloV7] = YoloV5.Version7,
        [OutputSpec.YoloV8] = context => new YoloV8(context),
        [OutputSpec.EndToEnd] = context => new EndToEnd(context),
        [OutputSpec.Detr] = Detr.WithNoObject,
        [OutputSpec.RtDetr] = Detr.RealTime,
        [OutputSpec.Ssd] = Ssd.Decoded,
        [OutputSpec.UltraFace] = Ssd.UltraFace,
        [OutputSpec.NanoDetPlus] = NanoDet.Plus,
        [OutputSpec.PicoDet] = NanoDet.Pico,
        [OutputSpec.FastestDet] = context => new FastestDet(context),
        [OutputSpec.YoloFastestV2] = context => new YoloFastestV2(context),
        [OutputSpec.YuNet] = context => new YuNet(context),
        [OutputSpec.BlazeFace] = context => new BlazeFace(context),
        [OutputSpec.CenterNet] = context => new CenterNet(context),
        [OutputSpec.TensorFlowDetection] = FinishedBoxes.TensorFlow,
        [OutputSpec.EfficientNms] = FinishedBoxes.EfficientNms,
    };

    /// <summary>Their names, as <see cref="OutputSpec.Family"/> states them.</summary>
    public static IReadOnlyCollection<string> Names => Heads.Keys;

    /// <exception cref="InferenceException">The family is not known, or the model is none of it.</exception>
    internal static DetectorHead Create(HeadContext context) => Heads.TryGetValue(context.Output.Family, out Func<HeadContext, DetectorHead>? make)
        ? make(context)
        : throw new InferenceException($"{context.Source}: the output family '{context.Output.Family}' is not known to this runtime (it knows {string.Join(", ", Heads.Keys)}); update the runtime");
}
