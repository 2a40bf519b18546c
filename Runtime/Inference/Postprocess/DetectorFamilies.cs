using Edge.Packages;

namespace Edge.Inference;

/// <summary>The families of detectors whose outputs can be read.</summary>
public static class DetectorFamilies
{
    private static readonly Dictionary<string, Func<HeadContext, DetectorHead>> Heads = new(StringComparer.Ordinal)
    {
        [OutputSpec.YoloX] = context => new YoloX(context),
    };

    /// <summary>Their names, as <see cref="OutputSpec.Family"/> states them.</summary>
    public static IReadOnlyCollection<string> Names => Heads.Keys;

    /// <exception cref="InferenceException">The family is not known, or the model is none of it.</exception>
    internal static DetectorHead Create(HeadContext context) => Heads.TryGetValue(context.Output.Family, out Func<HeadContext, DetectorHead>? make)
        ? make(context)
        : throw new InferenceException($"{context.Source}: the output family '{context.Output.Family}' is not known to this runtime (it knows {string.Join(", ", Heads.Keys)}); update the runtime");
}
