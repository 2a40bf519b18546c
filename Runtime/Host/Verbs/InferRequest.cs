using Edge.Inference;
using Edge.Packages;

namespace Edge.Runtime.Verbs;

/// <summary>What <c>infer</c> was asked.</summary>
internal sealed record InferRequest(
    string Package, IReadOnlyList<string> Images, PackageTrust Trust, int? Top, bool Json, string? Draw, SessionSettings Settings);
