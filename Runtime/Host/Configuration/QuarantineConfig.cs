namespace Edge.Runtime.Configuration;

/// <summary>When a model that fails is left alone for a while.</summary>
internal sealed record QuarantineConfig
{
    /// <summary>So many failures …</summary>
    public int Failures { get; set; } = 5;

    /// <summary>… within so many seconds put the model into quarantine …</summary>
    public double WindowSeconds { get; set; } = 60;

    /// <summary>… for so many seconds, doubled each time in a row up to 32 times; then it is loaded afresh and tried again.</summary>
    public double RetrySeconds { get; set; } = 30;
}
