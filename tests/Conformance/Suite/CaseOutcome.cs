namespace Edge.Conformance.Suite;

/// <summary>How far a case came.</summary>
public sealed class CaseOutcome
{
    /// <summary>Our reader took it.</summary>
    public bool Loaded { get; set; }

    /// <summary>The verifier found nothing wrong.</summary>
    public bool Verified { get; set; }

    /// <summary>Inference ran, agreed with what the file declares, and knows type and number of axes of every output.</summary>
    public bool Inferred { get; set; }

    /// <summary>Saved and loaded without an edit, it gives what is expected, and saving it once more gives the same bytes.</summary>
    public bool RoundTripped { get; set; }

    /// <summary>How many rewrites the clean-up did.</summary>
    public int Rewrites { get; set; }

    /// <summary>Cleaned, saved and loaded, it gives what is expected.</summary>
    public bool CleanedPassed { get; set; }

    /// <summary>The opset upgrade applied: the case is of an older one.</summary>
    public bool IsUpgraded { get; set; }

    /// <summary>Upgraded, cleaned, saved and loaded, it gives what is expected; true where no upgrade applied.</summary>
    public bool UpgradedPassed { get; set; } = true;

    /// <summary>Why the upgrade pass does not apply and leaves the model as it is, one line for each version asked for.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>Why it is no full success, one line a reason.</summary>
    public List<string> Reasons { get; } = [];

    /// <summary>Everything held.</summary>
    public bool Passed => Loaded && Verified && Inferred && RoundTripped && CleanedPassed && UpgradedPassed;
}
