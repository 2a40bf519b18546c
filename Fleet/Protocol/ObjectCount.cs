namespace Edge.Fleet.Protocol;

/// <summary>How many tracked objects there are.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Classes">By class name, or by the class's number where the package has no labels; classes without an object are left out.</param>
public sealed record ObjectCount(int Count, IReadOnlyDictionary<string, int> Classes);
