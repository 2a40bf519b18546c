using System.Text.Json;
using Edge.Foundation;

namespace Edge.Benchmarks.Quantization;

/// <summary>What is written to the file.</summary>
internal sealed record Figures
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public IReadOnlyList<ModelFigures> Models { get; init; } = [];

    public double? CalibrationPeakExtraMB { get; init; }

    public double? CalibrationTimeRatio { get; init; }

    /// <summary>What a file holds; nothing where there is none, or one of another kind.</summary>
    internal static Figures Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Figures>(File.ReadAllText(path), Options) ?? new Figures() : new Figures();
        }
        catch (JsonException)
        {
            return new Figures();
        }
    }

    /// <summary>The same with one row measured anew.</summary>
    internal Figures With(ModelFigures row) => this with
    {
        Models = Models.Any(other => other.Name == row.Name) ? [.. Models.Select(other => other.Name == row.Name ? row : other)] : [.. Models, row],
    };

    internal void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, Options) + "\n");
}
