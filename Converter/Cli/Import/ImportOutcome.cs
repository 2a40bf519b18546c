namespace Edge.Cli.Import;

/// <summary>What came of an import: a report, or the reason why nothing was written.</summary>
internal sealed record ImportOutcome(ImportReport? Report, string? Refusal);
