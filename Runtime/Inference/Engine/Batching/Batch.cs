using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference;

/// <summary>Memory for the inputs and outputs of several runs side by side, bound for every number of them.</summary>
internal sealed unsafe class Batch : IDisposable
{
    private const int Alignment = 64;
    private readonly LoadedModel _model;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding?[] _bindings;
    private readonly byte*[] _inputs;
    private readonly byte*[] _outputs;

    /// <summary>Makes room.</summary>
    /// <param name="model">The model; kept alive by whoever has the batch.</param>
    /// <param name="inputs">The inputs of one run; their first dimension is 1.</param>
    /// <param name="outputs">The outputs of one run.</param>
    /// <param name="capacity">The most runs.</param>
    internal Batch(LoadedModel model, IReadOnlyList<TensorPort> inputs, IReadOnlyList<TensorPort> outputs, int capacity)
    {
        _model = model;
        _bindings = new OrtIoBinding?[capacity];
        _inputs = Allocate(inputs, capacity);
        _outputs = Allocate(outputs, capacity);
        for (int i = 0; i < capacity; i++)
        {
            OrtIoBinding binding = model.Engine.CreateIoBinding();
            _bindings[i] = binding;
            for (int port = 0; port < inputs.Count; port++)
            {
                using OrtValue value = Value(inputs[port], _inputs[port], i + 1);
                binding.BindInput(inputs[port].Name, value);
            }
            for (int port = 0; port < outputs.Count; port++)
            {
                using OrtValue value = Value(outputs[port], _outputs[port], i + 1);
                binding.BindOutput(outputs[port].Name, value);
            }
        }
    }

    /// <summary>How many runs have a place.</summary>
    internal int Count { get; set; }

    /// <summary>How many of them have put their inputs there.</summary>
    internal int Filled { get; set; }

    /// <summary>How many have fetched their outputs.</summary>
    internal int Fetched { get; set; }

    /// <summary>Whether no more runs may join.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>Whether the engine is through.</summary>
    internal bool IsDone { get; set; }

    /// <summary>Why the engine failed; null where it did not.</summary>
    internal OnnxRuntimeException? Error { get; set; }

    /// <summary>Copies a run's inputs to its place.</summary>
    internal void Fill(int place, IReadOnlyList<TensorPort> inputs)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            TensorPort port = inputs[i];
            new ReadOnlySpan<byte>(port.Pointer, port.ByteLength).CopyTo(new Span<byte>(_inputs[i] + ((nint)place * port.ByteLength), port.ByteLength));
        }
    }

    /// <summary>Copies a run's outputs from its place.</summary>
    internal void Fetch(int place, IReadOnlyList<TensorPort> outputs)
    {
        for (int i = 0; i < _outputs.Length; i++)
        {
            TensorPort port = outputs[i];
            new ReadOnlySpan<byte>(_outputs[i] + ((nint)place * port.ByteLength), port.ByteLength).CopyTo(new Span<byte>(port.Pointer, port.ByteLength));
        }
    }

    /// <summary>Computes the outputs of the first runs.</summary>
    /// <exception cref="OnnxRuntimeException">The engine failed.</exception>
    internal void Run(int count) => _model.Engine.RunWithBinding(_options, _bindings[count - 1]);

    public void Dispose()
    {
        foreach (OrtIoBinding? binding in _bindings)
        {
            binding?.Dispose();
        }
        _options.Dispose();
        Free(_inputs);
        Free(_outputs);
    }

    private static byte*[] Allocate(IReadOnlyList<TensorPort> ports, int capacity)
    {
        var memory = new byte*[ports.Count];
        for (int i = 0; i < memory.Length; i++)
        {
            nuint bytes = checked((nuint)ports[i].ByteLength * (nuint)capacity);
            memory[i] = (byte*)NativeMemory.AlignedAlloc(Math.Max(bytes, 1), Alignment);
            NativeMemory.Clear(memory[i], bytes);
        }
        return memory;
    }

    private static OrtValue Value(TensorPort port, byte* memory, int count)
    {
        long[] shape = [.. port.Dimensions];
        shape[0] = count;
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, port.ElementType, shape, (nint)memory, (long)port.ByteLength * count);
    }

    private static void Free(byte*[] memory)
    {
        foreach (byte* each in memory)
        {
            NativeMemory.AlignedFree(each);
        }
    }
}
