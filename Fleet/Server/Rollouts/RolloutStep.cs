namespace Edge.Fleet.Rollouts;

/// <summary>What came of an event. The lists belong to the engine and hold until the next event.</summary>
/// <param name="State">The rollout's state after it.</param>
/// <param name="Changed">Devices whose state is another one.</param>
/// <param name="Assignments">What devices are to be told, in order.</param>
/// <param name="Notes">What happened, for the audit log and for people who watch; one line each.</param>
public readonly record struct RolloutStep(
    RolloutState State, IReadOnlyCollection<Member> Changed, IReadOnlyList<Assignment> Assignments, IReadOnlyList<string> Notes);
