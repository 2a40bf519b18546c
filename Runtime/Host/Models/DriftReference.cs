using Edge.Packages;

namespace Edge.Runtime.Models;

/// <summary>The shares of classes and scores that a package's model gave where it was made.</summary>
internal sealed class DriftReference
{
    private DriftReference(double[]? classes, double[]? confidence) => (Classes, Confidence) = (classes, confidence);

    /// <summary>The share of each class among the best ones; null where the package does not say.</summary>
    internal double[]? Classes { get; }

    /// <summary>The share of each tenth of the best scores, 0 to 0.1 first; null where the package does not say.</summary>
    internal double[]? Confidence { get; }

    /// <summary>The reference of a package, or null.</summary>
    internal static DriftReference? Of(Manifest manifest, int classes) => manifest.Reference is not { } reference
        ? null
        : new DriftReference(
            reference.Classes is { } shares && shares.Count == classes ? [.. shares] : null,
            reference.Confidence is { } scores && scores.Count == ReferenceHistogram.ConfidenceSteps ? [.. scores] : null);
}
