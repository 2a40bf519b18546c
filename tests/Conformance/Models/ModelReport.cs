namespace Edge.Conformance.Models;

/// <summary>A real model before and after cleaning.</summary>
/// <param name="Name">The file below the models' folder.</param>
/// <param name="NodesBefore">Nodes of the file, subgraphs included.</param>
/// <param name="NodesAfter">Nodes of the cleaned model.</param>
/// <param name="MillisecondsBefore">Median time of a run of the file.</param>
/// <param name="MillisecondsAfter">Median time of a run of the cleaned model, run in turn with the file.</param>
/// <param name="Ratio">Median of the ratios after to before of neighbouring runs; below 1 is faster.</param>
/// <param name="Proof">Whether both give the same outputs.</param>
public sealed record ModelReport(string Name, int NodesBefore, int NodesAfter, double MillisecondsBefore, double MillisecondsAfter, double Ratio, string Proof);
