using System.Text.Json;
using Edge.Foundation;
using Edge.Graph;
using Edge.Torch;

namespace Edge.Training;

/// <summary>
/// A checkpoint is an ONNX model like any other: the graph with its weights so far. What training needs beyond that stands in
/// initializers that no node reads (their names begin with <see cref="Prefix"/>) and in one metadata entry.
/// </summary>
public static class Checkpoint
{
    /// <summary>Names of initializers that are not the model's begin with this.</summary>
    public const string Prefix = "edge.checkpoint/";

    /// <summary>The metadata entry.</summary>
    public const string MetadataKey = "edge.checkpoint";

    private const int MaximumStateLength = 1 << 24;

    /// <summary>Whether a model is a checkpoint.</summary>
    /// <param name="model">The model.</param>
    public static bool IsCheckpoint(OnnxModel model) => model.Metadata.ContainsKey(MetadataKey);

    /// <summary>Takes out of a model what makes it a checkpoint.</summary>
    /// <param name="model">The model.</param>
    public static void Strip(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Metadata.Remove(MetadataKey);
        foreach (Value value in new List<Value>(model.Graph.Initializers))
        {
            if (value.Name.StartsWith(Prefix, StringComparison.Ordinal) && value.Uses.Count == 0)
            {
                model.Graph.RemoveInitializer(value);
            }
        }
    }

    /// <summary>Deletes what a killed process may have left half-written beside a checkpoint.</summary>
    internal static void DeleteLeftovers(string path)
    {
        string full = Path.GetFullPath(path);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(full)!, $"{Path.GetFileName(full)}.*{AtomicFile.TemporarySuffix}"))
        {
            File.Delete(file);
        }
    }

    internal static void Save(string path, OnnxModel model, CheckpointState state, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        try
        {
            foreach ((string name, Tensor tensor) in tensors)
            {
                model.Graph.AddInitializer(Prefix + name, Moment(tensor));
            }
            model.Metadata[MetadataKey] = JsonSerializer.Serialize(state, JsonStyle.Options);
            model.Save(path);
        }
        finally
        {
            Strip(model);
        }
    }

    /// <summary>Reads where training stood; the model is left as it was trained, without the rest.</summary>
    /// <exception cref="TrainingException">The model is no checkpoint, or a damaged one.</exception>
    internal static (CheckpointState State, Dictionary<string, OnnxTensor> Moments) Open(OnnxModel model, string source)
    {
        CheckpointState state = ReadState(model, source);
        if (state.Version != CheckpointState.CurrentVersion)
        {
            throw new TrainingException($"{source}: is a checkpoint of version {state.Version}; this program reads version {CheckpointState.CurrentVersion}");
        }
        if (state is { Step: < 0 } or { Epoch: < 0 } or { Batch: < 0 } or { BatchSize: < 1 } || state.History is null)
        {
            throw new TrainingException($"{source}: is a damaged checkpoint; train anew");
        }
        var moments = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (Value value in model.Graph.Initializers)
        {
            if (value.Name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                moments.Add(value.Name[Prefix.Length..], value.Constant!);
            }
        }
        Strip(model);
        return (state, moments);
    }

    /// <exception cref="TrainingException">A moment is missing or of another size.</exception>
    internal static void Restore(IEnumerable<(string Name, Tensor Tensor)> tensors, Dictionary<string, OnnxTensor> moments, string source)
    {
        foreach ((string name, Tensor tensor) in tensors)
        {
            if (!moments.TryGetValue(name, out OnnxTensor? saved)
                || TensorConversion.ToDataType(saved.Type) != tensor.Type || !saved.Dims.AsSpan().SequenceEqual(tensor.Shape))
            {
                throw new TrainingException($"{source}: what it kept as '{name}' is missing or of another shape; train anew");
            }
            tensor.CopyFrom(saved.Bytes.Span);
        }
    }

    private static CheckpointState ReadState(OnnxModel model, string source)
    {
        if (!model.Metadata.TryGetValue(MetadataKey, out string? text))
        {
            throw new TrainingException($"{source}: is a model, not a checkpoint; train it anew, without resuming");
        }
        try
        {
            CheckpointState? state = text.Length <= MaximumStateLength ? JsonSerializer.Deserialize<CheckpointState>(text, JsonStyle.Options) : null;
            return state ?? throw new TrainingException($"{source}: is a damaged checkpoint; train anew");
        }
        catch (JsonException e)
        {
            throw new TrainingException($"{source}: is a damaged checkpoint ({e.Message.Split('\n')[0]}); train anew", e);
        }
    }

    private static OnnxTensor Moment(Tensor tensor) => tensor.Type switch
    {
        DataType.Float32 => OnnxTensor.From<float>(tensor.ToArray<float>(), tensor.Shape),
        DataType.Float64 => OnnxTensor.From<double>(tensor.ToArray<double>(), tensor.Shape),
        _ => throw new TrainingException($"moments of type {tensor.Type} cannot be kept"),
    };
}
