using System.Diagnostics;
using Edge.Graph.Serialization;

namespace Edge.Fuzz;

/// <summary>Runs every kind of crowd, in several sizes and at the very limit of what is let in.</summary>
internal static class CrowdRun
{
    private static readonly int[] Sizes = [1 << 20, 4 << 20, 12 << 20, 30 << 20];
    private static readonly int[] Paddings = [0, 8 << 20];

    /// <summary>Runs them.</summary>
    /// <param name="number">The number of the first.</param>
    internal static IReadOnlyList<FuzzResult> Run(int number)
    {
        var results = new List<FuzzResult>();
        foreach (string kind in Crowds.Kinds)
        {
            foreach (byte[] bytes in Sizes.Select(size => Crowds.OfSize(kind, size)).Concat(Paddings.Select(padding => Crowds.Largest(kind, padding))))
            {
                long start = Stopwatch.GetTimestamp();
                string? failure = BoundedHeap.Try(bytes);
                TimeSpan time = Stopwatch.GetElapsedTime(start);
                string stage = IsLetIn(bytes) ? "let in" : "refused";
                results.Add(new FuzzResult(number++, kind, bytes.Length, stage, time, 0, failure));
                Console.WriteLine($"  {bytes.Length,10:N0} bytes of {kind}: {stage}, {(failure is null ? "within its bound" : failure)}");
            }
        }
        Console.WriteLine($"{results.Count} crowds, {results.Count(result => result.Failure is not null)} beyond the bound");
        return results;
    }

    private static bool IsLetIn(byte[] bytes) =>
        MessageScan.Price(bytes, MessageScan.Allowed(bytes.Length)) <= MessageScan.Allowed(bytes.Length);
}
