using Edge.Cli.Inspection;
using Edge.Cli.Terminal;
using Edge.Graph.Passes;

namespace Edge.Cli.Import;

/// <summary>Prints what an import found and did, for people.</summary>
internal static class ImportPrinter
{
    internal static void Print(ImportReport report)
    {
        FactsPrinter.Print(report.Model);
        foreach (PassResult pass in report.Passes.Where(pass => pass.Changes > 0))
        {
            FactsPrinter.Line("did", $"{pass.Pass}: {pass.Changes}");
        }
        FactsPrinter.Line("opset", report.OpsetNote is { } note ? $"{report.OpsetBefore}, as it was: {note}" : report.OpsetBefore == report.OpsetAfter ? $"{report.OpsetAfter}, as it was" : $"{report.OpsetBefore} → {report.OpsetAfter}");
        FactsPrinter.Line("nodes", $"{report.NodesBefore} → {report.NodesAfter}");
        FactsPrinter.Line("bytes", FactsPrinter.Format($"{report.BytesBefore:N0} → {report.BytesAfter:N0}"));
        if (report.MultiplyAddsBefore != report.Model.Cost.MultiplyAdds)
        {
            FactsPrinter.Line("multiply-adds", $"{FactsPrinter.Short(report.MultiplyAddsBefore)} → {FactsPrinter.Short(report.Model.Cost.MultiplyAdds)}");
        }
        if (report.Proofs.Count == 0)
        {
            FactsPrinter.Line("proof", "none was asked for");
        }
        foreach (ImportReport.ProofStep proof in report.Proofs)
        {
            string inputs = proof.Samples == 0 ? $"{proof.Runs} random inputs" : $"{proof.Runs - proof.Samples} random inputs and {proof.Samples} given ones";
            string noise = proof.SqnrDecibels is { } decibels ? FactsPrinter.Format($", signal to noise {decibels:F1} dB") : "";
            FactsPrinter.Line("proven", proof.LargestDifference == 0
                ? $"{proof.Of}: outputs equal on {inputs}"
                : FactsPrinter.Format($"{proof.Of}: largest difference {proof.LargestDifference:G3} in '{proof.Output}' on {inputs}{noise}"));
        }
        Screen.Line($"written to {report.Target}");
    }
}
