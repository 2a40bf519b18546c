using System.Text.Json;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>What <see cref="ModelCard"/> is for pictures, for models of readings and of texts.</summary>
internal sealed record SignalCard
{
    /// <summary>The key of the metadata entry.</summary>
    internal const string Key = "edge.signal";

    public required ModelTask Task { get; init; }

    public SensorSpec? Sensor { get; init; }

    public TextSpec? Text { get; init; }

    public required OutputSpec Output { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public TrainingProvenance? Training { get; init; }

    public QuantizationFacts? Quantization { get; init; }

    /// <summary>Reads the card of a model that Edge trained; null for others.</summary>
    internal static SignalCard? Read(OnnxModel model, string source)
    {
        if (!model.Metadata.TryGetValue(Key, out string? text))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<SignalCard>(text, Json.Options);
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{source}: its metadata entry '{Key}' is damaged ({e.Message.Split(" Path:")[0].TrimEnd('.')}); train the model again", e);
        }
    }

    /// <summary>Writes the card into a model.</summary>
    internal void Write(OnnxModel model) => model.Metadata[Key] = JsonSerializer.Serialize(this, Json.Compact);
}
