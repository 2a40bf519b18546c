using System.Globalization;

namespace Edge.Agent.Tests;

/// <summary>What tests count, for <c>make crash</c>.</summary>
internal static class Figures
{
    /// <summary>Whether all of it is gone through; otherwise some points stand for the rest.</summary>
    internal static readonly bool IsFull = Environment.GetEnvironmentVariable("EDGE_CHAOS") == "1";

    private static readonly Lock Gate = new();

    /// <summary>Adds figures to what is collected.</summary>
    internal static void Tell(ITestOutputHelper output, params (string Name, double Value)[] figures)
    {
        string line = string.Join(',', figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"\"{figure.Name}\":{figure.Value}")));
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("EDGE_CHAOS_FIGURES") is { } path)
        {
            lock (Gate)
            {
                File.AppendAllText(path, line + "\n");
            }
        }
    }
}
