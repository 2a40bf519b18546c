namespace Edge.Reports;

/// <summary>A picture with its caption.</summary>
/// <param name="Png">The content of a PNG file; it is embedded in the page.</param>
/// <param name="Caption">What the picture shows.</param>
/// <param name="Verdict">A second line, such as a prediction.</param>
/// <param name="IsRight">Colours the verdict: true right, false wrong, null neither.</param>
public sealed record Picture(ReadOnlyMemory<byte> Png, string Caption, string? Verdict = null, bool? IsRight = null);
