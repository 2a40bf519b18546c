using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>A package that was written.</summary>
internal sealed record PackageResult(string Path, long Bytes, Manifest Manifest);
