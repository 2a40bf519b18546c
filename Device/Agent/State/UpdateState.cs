using Edge.Fleet.Protocol;

namespace Edge.Agent.State;

/// <summary>All that is kept about one package: the journal. Immutable; a change is a new one, saved before it is acted on.</summary>
internal sealed record UpdateState
{
    internal const int MaximumRejected = 32;

    public required string Name { get; init; }

    /// <summary>The release that is kept.</summary>
    public required SlotRelease Running { get; init; }

    /// <summary>The kept release before it, while its slot holds it.</summary>
    public SlotRelease? Previous { get; init; }

    /// <summary>The highest release number ever kept.</summary>
    public required long Highest { get; init; }

    public UpdatePhase Phase { get; set; }

    /// <summary>The release that the phase is about.</summary>
    public DesiredRelease? Target { get; init; }

    /// <summary>How often the process has started since the target was first loaded.</summary>
    public int Starts { get; set; }

    /// <summary>Why the target was refused or rolled back.</summary>
    public string? Error { get; init; }

    public long BytesFetched { get; set; }

    public long BytesReused { get; set; }

    public IReadOnlyList<RejectedRelease> Rejected { get; set; } = [];

    /// <summary>The slot that the target goes to.</summary>
    internal string TargetSlot => SlotName.Idle(Running.Slot);

    /// <summary>Whether work on a target is under way.</summary>
    internal bool IsBusy => Phase is UpdatePhase.Downloading or UpdatePhase.Verifying or UpdatePhase.Staged or UpdatePhase.Trial;
}
