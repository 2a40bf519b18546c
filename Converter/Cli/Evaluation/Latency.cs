using System.Diagnostics;
using Edge.Cli.Models;
using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Cli.Evaluation;

/// <summary>How long the engine takes for one picture.</summary>
/// <param name="P50Ms">Half of the runs took at most this many milliseconds.</param>
/// <param name="P99Ms">99 of 100 runs took at most this many milliseconds.</param>
internal sealed record Latency(double P50Ms, double P99Ms)
{
    private const int WarmUpRuns = 20;
    private const int Runs = 300;

    /// <summary>Measures several models in turn, so that a machine that slows down slows them all.</summary>
    /// <param name="models">Models that take the same picture.</param>
    /// <param name="card">What they expect.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    internal static IReadOnlyList<Latency> Measure(IReadOnlyList<OnnxModel> models, ModelCard card, int threads)
    {
        EngineSession[] sessions = [.. models.Select(model => new EngineSession(model, new EngineOptions { Threads = threads }))];
        try
        {
            byte[] pixels = new byte[card.Input.Channels * card.Input.Height * card.Input.Width];
            new Random(1).NextBytes(pixels);
            var inputs = new Dictionary<string, OnnxTensor> { [card.Input.Tensor ?? sessions[0].InputNames[0]] = InputTensors.FromPixels(card.Input, pixels, 1) };
            double[][] times = [.. sessions.Select(_ => new double[Runs])];
            for (int run = -WarmUpRuns; run < Runs; run++)
            {
                for (int index = 0; index < sessions.Length; index++)
                {
                    long start = Stopwatch.GetTimestamp();
                    sessions[index].Run(inputs);
                    if (run >= 0)
                    {
                        times[index][run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                    }
                }
            }
            return [.. times.Select(Summarize)];
        }
        finally
        {
            Array.ForEach(sessions, session => session.Dispose());
        }
    }

    private static Latency Summarize(double[] times)
    {
        Array.Sort(times);
        return new Latency(times[times.Length / 2], times[times.Length * 99 / 100]);
    }
}
