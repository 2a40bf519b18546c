namespace Edge.Graph.Analysis;

/// <summary>A constant that two models hold in the same place, and how it changed.</summary>
/// <param name="Layer">The node that reads it, in the first model.</param>
/// <param name="Name">The constant's name in the first model.</param>
/// <param name="Type">Its type and sizes, with an arrow where they changed.</param>
/// <param name="Relative"><c>‖a − b‖ / ‖a‖</c>; null where sizes differ or the first is zero throughout.</param>
/// <param name="MaximumAbsolute">The largest <c>|a − b|</c>; null where sizes differ.</param>
public sealed record WeightChange(string Layer, string Name, string Type, double? Relative, double? MaximumAbsolute);
