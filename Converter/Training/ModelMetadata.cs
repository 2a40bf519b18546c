using System.Text.Json;
using Edge.Graph;
using Edge.Training.Data;

namespace Edge.Training;

/// <summary>What a model file says about itself beyond ONNX: how pixels become inputs, and what the classes are called.</summary>
public static class ModelMetadata
{
    /// <summary>Key of the normalisation: JSON with the lists <c>a</c> and <c>b</c>; see <see cref="Data.Normalization"/>.</summary>
    public const string NormalizationKey = "edge.normalization";

    /// <summary>Key of the class names: a JSON list.</summary>
    public const string ClassesKey = "edge.classes";

    /// <summary>Key of the training's provenance: JSON.</summary>
    public const string TrainingKey = "edge.training";

    private const int MaximumLength = 1 << 24;

    /// <summary>Writes both into a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="normalization">From bytes to inputs.</param>
    /// <param name="classNames">In the order of the outputs.</param>
    public static void Write(OnnxModel model, Normalization normalization, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(normalization);
        model.Metadata[NormalizationKey] = JsonSerializer.Serialize(new NormalizationText(normalization.Factors, normalization.Offsets), JsonStyle.Options);
        model.Metadata[ClassesKey] = JsonSerializer.Serialize(classNames, JsonStyle.Options);
    }

    /// <summary>The normalisation that a model names; null if it names none.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="TrainingException">What it says is damaged.</exception>
    public static Normalization? ReadNormalization(OnnxModel model)
    {
        NormalizationText? text = Read<NormalizationText>(model, NormalizationKey);
        return text is null ? null : Normalization.FromFactors([.. text.A ?? []], [.. text.B ?? []]);
    }

    /// <summary>The class names that a model names; null if it names none.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="TrainingException">What it says is damaged.</exception>
    public static IReadOnlyList<string>? ReadClassNames(OnnxModel model) => Read<List<string>>(model, ClassesKey);

    internal static T? Read<T>(OnnxModel model, string key) where T : class
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Metadata.TryGetValue(key, out string? text))
        {
            return null;
        }
        try
        {
            return text.Length <= MaximumLength
                ? JsonSerializer.Deserialize<T>(text, JsonStyle.Options)
                : throw new TrainingException($"the model's metadata '{key}' is longer than {MaximumLength >> 20} MiB; it is damaged");
        }
        catch (JsonException e)
        {
            throw new TrainingException($"the model's metadata '{key}' is damaged: {e.Message.Split('\n')[0]}", e);
        }
    }

    private sealed record NormalizationText(IReadOnlyList<float>? A, IReadOnlyList<float>? B);
}
