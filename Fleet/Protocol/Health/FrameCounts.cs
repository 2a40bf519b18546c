namespace Edge.Fleet.Protocol;

/// <summary>Frames by what became of them: <see cref="In"/> = <see cref="Out"/> + <see cref="Failed"/> + <see cref="Dropped"/> + those being worked on.</summary>
/// <param name="In">Given by the source.</param>
/// <param name="Out">Looked at by the model.</param>
/// <param name="Failed">Not to be decoded, or the model failed.</param>
/// <param name="Dropped">Pushed out by a newer frame; of live sources only.</param>
/// <param name="Published">Results that every sink took.</param>
/// <param name="Lost">Results that a sink did not take.</param>
public sealed record FrameCounts(long In, long Out, long Failed, long Dropped, long Published, long Lost);
