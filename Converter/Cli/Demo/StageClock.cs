using System.Diagnostics;
using System.Globalization;
using Edge.Cli.Terminal;

namespace Edge.Cli.Demo;

/// <summary>Says what is being done and how long it took.</summary>
internal sealed class StageClock
{
    private readonly List<Stage> _stages = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    internal IReadOnlyList<Stage> Stages => _stages;

    internal double TotalSeconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Runs one stage.</summary>
    /// <param name="name">What it does, in words.</param>
    /// <param name="work">Does it, and returns its result with one line about it.</param>
    internal async Task<T> RunAsync<T>(string name, Func<Task<(T Result, string Line)>> work)
    {
        Screen.Note($"demo: {name} …");
        long start = Stopwatch.GetTimestamp();
        (T result, string line) = await work();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _stages.Add(new Stage(name, seconds));
        Screen.Note(string.Create(CultureInfo.InvariantCulture, $"demo: {line} ({seconds:F1} s)"));
        return result;
    }

    internal sealed record Stage(string Name, double Seconds);
}
