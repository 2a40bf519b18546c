using System.Text.Json;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>
/// What Edge knows about a model beyond its graph. It travels inside the ONNX file, as one metadata entry,
/// from training through quantization into the package's manifest.
/// </summary>
internal sealed record ModelCard
{
    /// <summary>The key of the metadata entry.</summary>
    internal const string Key = "edge.card";

    public required ModelTask Task { get; init; }

    public required InputSpec Input { get; init; }

    public required OutputSpec Output { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    public TrainingProvenance? Training { get; init; }

    public QuantizationFacts? Quantization { get; init; }

    /// <summary>Reads the card of a model that Edge made; null for others.</summary>
    internal static ModelCard? Read(OnnxModel model, string source)
    {
        if (!model.Metadata.TryGetValue(Key, out string? text))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<ModelCard>(text, Json.Options);
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{source}: its metadata entry '{Key}' is damaged ({e.Message.Split(" Path:")[0].TrimEnd('.')}); remove the entry and state the input by options", e);
        }
    }

    /// <summary>Writes the card into a model.</summary>
    internal void Write(OnnxModel model) => model.Metadata[Key] = JsonSerializer.Serialize(this, Json.Compact);
}
