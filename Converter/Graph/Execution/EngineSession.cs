using System.Buffers;
using Edge.Foundation;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Graph.Execution;

/// <summary>
/// ONNX Runtime on the host: what a model computes, as the engine on the device computes it.
/// The judge of every rewrite, and what calibration and evaluation run on.
/// </summary>
public sealed class EngineSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string _source;

    // The engine carries its vendor's telemetry client; the switch must be set before the library loads.
    static EngineSession() => NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");

    /// <summary>Loads a model.</summary>
    /// <param name="model">The model; later changes to it do not reach the session.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="ModelFormatException">The engine refuses the model.</exception>
    public EngineSession(OnnxModel model, EngineOptions? options = null, string source = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new EngineOptions();
        _source = source;
        using var settings = new SessionOptions
        {
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = options.Optimize ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = options.Quiet ? OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL : OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (options.OptimizedModelPath is { } path)
        {
            settings.OptimizedModelFilePath = path;
        }
        if (options.ProfilePath is { } profile)
        {
            // In this order: switching it on takes the prefix as it is then.
            settings.ProfileOutputPathPrefix = profile;
            settings.EnableProfiling = true;
        }
        _runOptions.LogSeverityLevel = settings.LogSeverityLevel;
        try
        {
            _session = Open(model, settings, options.LargestInMemory);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>The names of what it takes, in order; weights listed as inputs are left out.</summary>
    public IReadOnlyList<string> InputNames => _session.InputNames;

    /// <summary>The names of what it gives out, in order.</summary>
    public IReadOnlyList<string> OutputNames => _session.OutputNames;

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">A tensor for every input, by name.</param>
    /// <returns>A copy of every output, in the order of <see cref="OutputNames"/>.</returns>
    /// <exception cref="ModelFormatException">The engine refuses the inputs or fails on them, or an output is no tensor.</exception>
    public IReadOnlyList<OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        var outputs = new OnnxTensor[OutputNames.Count];
        Run(inputs, (index, value) => outputs[index] = EngineValues.ToTensor(value));
        return outputs;
    }

    /// <summary>Runs the model once, whatever it gives out.</summary>
    /// <param name="inputs">A tensor for every input, by name.</param>
    /// <returns>
    /// For every output, in the order of <see cref="OutputNames"/>, a copy of its tensors: one for a tensor, the items of a
    /// sequence, keys and values of a map, none for an optional value that is absent.
    /// </returns>
    /// <exception cref="ModelFormatException">The engine refuses the inputs or fails on them.</exception>
    public IReadOnlyList<IReadOnlyList<OnnxTensor>> RunNested(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        var outputs = new List<OnnxTensor>[OutputNames.Count];
        Run(inputs, (index, value) => Flatten(value, outputs[index] = []));
        return outputs;
    }

    /// <summary>Runs the model once and shows each output where the engine left it, without a copy.</summary>
    /// <param name="inputs">A tensor for every input, by name.</param>
    /// <param name="visit">Is given the index in <see cref="OutputNames"/> and the elements; they are gone when it returns.</param>
    /// <exception cref="ModelFormatException">The engine refuses the inputs or fails on them, or an output is not float32.</exception>
    public void Visit(IReadOnlyDictionary<string, OnnxTensor> inputs, FloatVisitor visit) =>
        Run(inputs, (index, value) => visit(index, value.GetTensorDataAsSpan<float>()));

    /// <summary>Ends the measuring that <see cref="EngineOptions.ProfilePath"/> asks for.</summary>
    /// <returns>The file, a JSON list of events; it belongs to the caller.</returns>
    public string EndProfiling() => _session.EndProfiling();

    /// <inheritdoc/>
    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static InferenceSession Open(OnnxModel model, SessionOptions settings, long largestInMemory)
    {
        if (Serialization.ModelWriter.TensorBytes(model) <= largestInMemory)
        {
            return new InferenceSession(model.ToBytes(), settings);
        }
        DirectoryInfo folder = Directory.CreateTempSubdirectory("edge-model-");
        try
        {
            string path = Path.Combine(folder.FullName, "model.onnx");
            model.Save(path, new SaveOptions { ExternalDataThreshold = 0 });
            return new InferenceSession(path, settings);
        }
        finally
        {
            // What the engine has mapped stays there for it until the session ends.
            folder.Delete(recursive: true);
        }
    }

    private void Run(IReadOnlyDictionary<string, OnnxTensor> inputs, Action<int, OrtValue> take)
    {
        var pins = new List<MemoryHandle>();
        var values = new List<OrtValue>();
        try
        {
            foreach (string name in InputNames)
            {
                values.Add(EngineValues.ToValue(inputs.GetValueOrDefault(name) ?? throw new ModelFormatException($"{_source}: input '{name}' is not given"), pins));
            }
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_runOptions, InputNames, values, OutputNames);
            for (int index = 0; index < outputs.Count; index++)
            {
                take(index, outputs[index]);
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw Refused(e);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
            pins.ForEach(pin => pin.Dispose());
        }
    }

    // A sequence's items and a map's keys and values, however deep, one after the other.
    private static void Flatten(OrtValue value, List<OnnxTensor> tensors)
    {
        if (value.OnnxType == OnnxValueType.ONNX_TYPE_TENSOR)
        {
            tensors.Add(EngineValues.ToTensor(value));
            return;
        }
        if (value.OnnxType is not (OnnxValueType.ONNX_TYPE_SEQUENCE or OnnxValueType.ONNX_TYPE_MAP))
        {
            return;
        }
        int count = value.OnnxType == OnnxValueType.ONNX_TYPE_MAP ? 2 : value.GetValueCount();
        for (int index = 0; index < count; index++)
        {
            using OrtValue item = value.GetValue(index, OrtAllocator.DefaultInstance);
            Flatten(item, tensors);
        }
    }

    private ModelFormatException Refused(OnnxRuntimeException e)
    {
        string first = e.Message.Split('\n')[0];
        int place = first.LastIndexOf(") ", StringComparison.Ordinal);
        return new ModelFormatException($"{_source}: ONNX Runtime refuses it: {(place > 0 ? first[(place + 2)..] : first)}", e);
    }
}
