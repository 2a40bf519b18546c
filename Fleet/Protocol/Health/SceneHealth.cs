namespace Edge.Fleet.Protocol;

/// <summary>The objects that a pipeline follows, and what it told of them since the start of the runtime.</summary>
/// <param name="Objects">How many there are at this moment.</param>
/// <param name="Events">Events that every sink took.</param>
/// <param name="LostEvents">Events that a sink did not take.</param>
/// <param name="Snapshots">Pictures of events that every sink took.</param>
/// <param name="LostSnapshots">Pictures of events that were not made, or that a sink did not take.</param>
public sealed record SceneHealth(int Objects, long Events, long LostEvents, long Snapshots, long LostSnapshots);
