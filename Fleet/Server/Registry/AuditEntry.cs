namespace Edge.Fleet.Registry;

/// <summary>Something that was done, or has happened.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">Who: a user's name, or <c>server</c>.</param>
/// <param name="Text">What, in one line.</param>
public sealed record AuditEntry(DateTimeOffset Time, string Actor, string Text);
