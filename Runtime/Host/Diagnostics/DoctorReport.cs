namespace Edge.Runtime.Diagnostics;

/// <summary>What <c>doctor</c> found.</summary>
internal sealed record DoctorReport
{
    public required string Version { get; init; }

    /// <summary>Whether everything that is needed works.</summary>
    public required bool Ok { get; init; }

    public required IReadOnlyList<DoctorCheck> Checks { get; init; }
}
