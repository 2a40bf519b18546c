using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Edge.Packages;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>
/// A loaded model's inputs and outputs, bound to memory of their own: fill the inputs, <see cref="Run"/>, read the outputs.
/// Sessions of one <see cref="LoadedModel"/> may run at the same time, each on one thread. A run allocates nothing on the managed
/// heap. Dispose it to give native memory back, after which spans of its tensors must not be used.
/// </summary>
public sealed unsafe class ModelSession : IDisposable
{
    private const int Alignment = 64;
    private readonly LoadedModel _model;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions;
    private readonly TensorPort[] _inputs;
    private readonly TensorPort[] _outputs;
    private readonly BatchRunner? _batches;
    private bool _disposed;

    /// <summary>Loads a model for this session alone.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="settings">How it is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <param name="source">The model's name, for messages.</param>
    /// <exception cref="InferenceException">The engine is missing, refuses the model, or an input has an open dimension beside the batch.</exception>
    public ModelSession(ReadOnlyMemory<byte> model, SessionSettings? settings = null, string source = "model")
        : this(new LoadedModel(model, settings, source).HandOver(), spec: null)
    {
    }

    /// <summary>Binds a model that counts this session as a user already.</summary>
    internal ModelSession(LoadedModel model, InputSpec? spec)
    {
        _model = model;
        InferenceSession engine = model.Engine;
        // Not a field initializer: nothing of the engine may be touched before the factory has prepared it.
        _runOptions = new RunOptions();
        _inputs = [];
        _outputs = [];
        OrtIoBinding? binding = null;
        try
        {
            binding = engine.CreateIoBinding();
            _inputs = PortFactory.Inputs(engine, spec, model.Source);
            BindInputs(binding);
            _outputs = PortFactory.Outputs(engine, binding, _runOptions, model.Source);
            BindOutputs(binding);
            _binding = binding;
            _batches = model.Batches;
            _batches?.Join(this);
        }
        catch (Exception exception)
        {
            binding?.Dispose();
            Release();
            throw exception is OnnxRuntimeException or OverflowException
                ? new InferenceException($"{model.Source}: the model's inputs and outputs cannot be bound ({EngineEnvironment.Reason(exception)})", exception)
                : exception;
        }
    }

    /// <summary>The inputs in the model's order.</summary>
    public IReadOnlyList<TensorPort> Inputs => _inputs;

    /// <summary>The outputs in the model's order.</summary>
    public IReadOnlyList<TensorPort> Outputs => _outputs;

    /// <summary>When it ran last (<see cref="System.Diagnostics.Stopwatch"/>); kept by its <see cref="BatchRunner"/>.</summary>
    internal long LastRun { get; set; }

    /// <summary>Who computes, and why nobody better does.</summary>
    public ProviderReport ProviderReport => _model.ProviderReport;

    /// <summary>Loads the model of a package and checks that its image input is what the manifest says.</summary>
    /// <param name="package">The verified package.</param>
    /// <param name="settings">How it is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <exception cref="InferenceException">The engine is missing or refuses the model, or the model and the manifest differ.</exception>
    public static ModelSession Open(Package package, SessionSettings? settings = null)
    {
        using LoadedModel model = LoadedModel.Open(package, settings);
        return model.CreateSession();
    }

    /// <summary>An input's memory; what is written there stays from run to run. Zero at first.</summary>
    /// <typeparam name="T">The element type: float for float32, byte for uint8, and so on.</typeparam>
    /// <param name="index">The input.</param>
    /// <exception cref="ArgumentException">The input has another element type.</exception>
    public Span<T> Input<T>(int index = 0)
        where T : unmanaged => Memory<T>(_inputs[index]);

    /// <summary>An output's memory, as the last run left it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="index">The output.</param>
    /// <exception cref="ArgumentException">The output has another element type.</exception>
    public ReadOnlySpan<T> Output<T>(int index = 0)
        where T : unmanaged => Memory<T>(_outputs[index]);

    /// <summary>A float32 output's memory, as the last run left it.</summary>
    /// <param name="index">The output.</param>
    /// <exception cref="ArgumentException">The output is not float32.</exception>
    public ReadOnlySpan<float> Output(int index = 0) => Memory<float>(_outputs[index]);

    /// <summary>An input's memory as bytes, whatever its element type.</summary>
    /// <param name="index">The input.</param>
    public Span<byte> InputBytes(int index = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new Span<byte>(_inputs[index].Pointer, _inputs[index].ByteLength);
    }

    /// <summary>An output's memory as bytes, whatever its element type.</summary>
    /// <param name="index">The output.</param>
    public ReadOnlySpan<byte> OutputBytes(int index = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ReadOnlySpan<byte>(_outputs[index].Pointer, _outputs[index].ByteLength);
    }

    /// <summary>Computes the outputs from the inputs.</summary>
    /// <exception cref="InferenceException">The engine failed.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            if (_batches is not null)
            {
                _batches.Run(this);
            }
            else
            {
                _model.Engine.RunWithBinding(_runOptions, _binding);
            }
        }
        catch (OnnxRuntimeException exception)
        {
            _model.Distrust();
            throw new InferenceException($"{_model.Source}: the engine failed ({EngineEnvironment.Reason(exception)})", exception);
        }
    }

    /// <summary>Gives native memory back.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _batches?.Leave(this);
            _binding.Dispose();
            Release();
        }
    }

    private void Release()
    {
        _runOptions.Dispose();
        _model.Release();
        Free(_inputs);
        Free(_outputs);
    }

    private void BindInputs(OrtIoBinding binding)
    {
        foreach (TensorPort port in _inputs)
        {
            using OrtValue value = Allocate(port);
            binding.BindInput(port.Name, value);
        }
    }

    private void BindOutputs(OrtIoBinding binding)
    {
        binding.ClearBoundOutputs();
        foreach (TensorPort port in _outputs)
        {
            using OrtValue value = Allocate(port);
            binding.BindOutput(port.Name, value);
        }
    }

    private static OrtValue Allocate(TensorPort port)
    {
        nuint bytes = (nuint)Math.Max(port.ByteLength, 1);
        port.Pointer = (byte*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(port.Pointer, bytes);
        long[] shape = [.. port.Dimensions];
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, port.ElementType, shape, (nint)port.Pointer, port.ByteLength);
    }

    private static void Free(TensorPort[] ports)
    {
        foreach (TensorPort port in ports)
        {
            NativeMemory.AlignedFree(port.Pointer);
            port.Pointer = null;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<T> Memory<T>(TensorPort port)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!Fits<T>(port.ElementType))
        {
            throw new ArgumentException($"'{port.Name}' is {port}, not {typeof(T).Name}", nameof(port));
        }
        return new Span<T>(port.Pointer, port.Length);
    }

    private static bool Fits<T>(TensorElementType type) => type switch
    {
        TensorElementType.Float => typeof(T) == typeof(float),
        TensorElementType.UInt8 => typeof(T) == typeof(byte),
        TensorElementType.Int8 => typeof(T) == typeof(sbyte),
        TensorElementType.Int32 => typeof(T) == typeof(int),
        TensorElementType.Int64 => typeof(T) == typeof(long),
        TensorElementType.Double => typeof(T) == typeof(double),
        TensorElementType.Bool => typeof(T) == typeof(bool),
        TensorElementType.Float16 => typeof(T) == typeof(Half),
        _ => false,
    };
}
