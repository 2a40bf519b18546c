using System.Text.Json;

namespace Edge.Benchmarks.Runtime;

/// <summary>What a peer measured of itself in one round; its lines are "first …" and one of JSON.</summary>
internal sealed record PeerFigures(double Fps, double PeakRssMB, double FirstResultMs, double CpuMs, long Boxes, string Versions)
{
    public static PeerFigures Measure(int frames, string program, params string[] arguments)
    {
        Child child = Child.Run(program, arguments);
        using JsonDocument json = JsonDocument.Parse(child.Lines[^1]);
        return new PeerFigures(
            json.RootElement.GetProperty("fps").GetDouble(),
            json.RootElement.GetProperty("peakRssMB").GetDouble(),
            child.FirstLineMs,
            child.CpuSeconds * 1000 / frames,
            json.RootElement.GetProperty("boxes").GetInt64(),
            json.RootElement.GetProperty("versions").GetString()!);
    }
}
