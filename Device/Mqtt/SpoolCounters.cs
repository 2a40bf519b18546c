namespace Edge.Mqtt;

/// <summary>What a spool holds, and what it has done since it was opened.</summary>
/// <param name="Waiting">Messages that it holds.</param>
/// <param name="Bytes">Their bytes, with what each costs beside its payload.</param>
/// <param name="Stored">Messages written.</param>
/// <param name="Replayed">Messages out of it that were handed to a connection.</param>
/// <param name="Dropped">Telemetry that was deleted because it was too much or too old, or could not be written.</param>
/// <param name="RefusedEvents">Events that were not accepted, because events alone fill the spool or the disk fails.</param>
public readonly record struct SpoolCounters(long Waiting, long Bytes, long Stored, long Replayed, long Dropped, long RefusedEvents);
