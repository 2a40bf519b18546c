using System.Buffers;
using Edge.Foundation;
using Edge.Graph.Execution;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Conformance.Suite;

/// <summary>ONNX Runtime with inputs and outputs of every kind: tensors of numbers and strings, sequences, maps, optional values.</summary>
public sealed class CaseSession : IDisposable
{
    private static readonly SessionOptions Settings = MakeSettings();
    private static readonly RunOptions Options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    private readonly InferenceSession _session;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    public CaseSession(byte[] model) => _session = new InferenceSession(model, Settings);

    /// <summary>Loads a model from a file, and the external data beside it.</summary>
    /// <param name="path">The file.</param>
    public CaseSession(string path) => _session = new InferenceSession(path, Settings);

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">A value for every input that is not left out, by name.</param>
    /// <returns>The outputs by name.</returns>
    public IReadOnlyDictionary<string, CaseValue> Run(IReadOnlyDictionary<string, CaseValue> inputs)
    {
        var pins = new List<MemoryHandle>();
        var values = new List<OrtValue>();
        try
        {
            string[] names = [.. _session.InputNames.Where(inputs.ContainsKey)];
            foreach (string name in names)
            {
                values.Add(ToValue(inputs[name], pins));
            }
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(Options, names, values, _session.OutputNames);
            return _session.OutputNames.Zip(outputs).ToDictionary(pair => pair.First, pair => FromValue(pair.Second), StringComparer.Ordinal);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
            pins.ForEach(pin => pin.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    // The engine carries its vendor's telemetry client; the switch must be set before the library loads.
    private static SessionOptions MakeSettings()
    {
        NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
        return new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
    }

    private static OrtValue ToValue(CaseValue value, List<MemoryHandle> pins)
    {
        switch (value)
        {
            case TensorCaseValue tensor:
                return EngineValues.ToValue(tensor.Tensor, pins);
            case SequenceCaseValue sequence:
                return OrtValue.CreateSequence(sequence.Items.Select(item => ToValue(item, pins)).ToList());
            case MapCaseValue { Values: SequenceCaseValue { Items: [TensorCaseValue items, ..] } } map:
                OrtValue keys = EngineValues.ToValue(map.Keys, pins);
                OrtValue content = EngineValues.ToValue(items.Tensor, pins);
                return OrtValue.CreateMap(ref keys, ref content);
            default:
                throw new NotSupportedException("the engine's C# interface cannot make an optional value that is absent");
        }
    }

    private static CaseValue FromValue(OrtValue value)
    {
        switch (value.OnnxType)
        {
            case OnnxValueType.ONNX_TYPE_TENSOR:
                return new TensorCaseValue(EngineValues.ToTensor(value));
            case OnnxValueType.ONNX_TYPE_SEQUENCE:
                return new SequenceCaseValue([.. Enumerable.Range(0, value.GetValueCount()).Select(index => Item(value, index))]);
            case OnnxValueType.ONNX_TYPE_MAP:
                var keys = (TensorCaseValue)Item(value, 0);
                return new MapCaseValue(keys.Tensor, Item(value, 1));
            default:
                return new AbsentCaseValue();
        }
    }

    private static CaseValue Item(OrtValue value, int index)
    {
        using OrtValue item = value.GetValue(index, OrtAllocator.DefaultInstance);
        return FromValue(item);
    }
}
