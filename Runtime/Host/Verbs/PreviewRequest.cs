using Edge.Inference;
using Edge.Packages;

namespace Edge.Runtime.Verbs;

/// <summary>What <c>preview</c> is asked for.</summary>
internal sealed record PreviewRequest(string Package, string Images, string Output, PackageTrust Trust, double? Threshold, SessionSettings Settings);
