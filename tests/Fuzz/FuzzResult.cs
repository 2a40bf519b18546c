namespace Edge.Fuzz;

/// <summary>What a case came to.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">How it was made.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="Stage">How far it came.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Allocated">Bytes allocated in total.</param>
/// <param name="Failure">What must not happen and did; null for a case that held.</param>
public sealed record FuzzResult(int Number, string Kind, int Bytes, string Stage, TimeSpan Time, long Allocated, string? Failure);
