using Edge.Inference;
using Edge.Packages;

namespace Edge.Runtime.Verbs;

/// <summary>What <c>bench</c> was asked.</summary>
internal sealed record BenchRequest(
    string Package, string Images, PackageTrust Trust, double Seconds, bool Json, SessionSettings Settings);
