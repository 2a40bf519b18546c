using System.Runtime.InteropServices;

namespace Edge.Torch;

/// <summary>The functions of <c>Native/edge_torch.h</c>.</summary>
internal static unsafe partial class TorchNative
{
    internal const string Library = "edge_torch";
    internal const int AbiVersion = 4;
    internal const int ErrorSize = 1024;

    static TorchNative() => TorchLibrary.Register();

    /// <summary>Turns a status into an exception.</summary>
    internal static void Check(int status, byte* error)
    {
        if (status != 0)
        {
            Throw(status, error);
        }
    }

    private static void Throw(int status, byte* error)
    {
        const int Misuse = 1;
        string message = Marshal.PtrToStringUTF8((nint)error) ?? "";
        throw status == Misuse ? new ArgumentException(message) : new TorchException(message);
    }

    [LibraryImport(Library, EntryPoint = "edge_torch_version")]
    internal static partial int Version(byte* text, int size, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_set_threads")]
    internal static partial int SetThreads(int threads, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_get_threads")]
    internal static partial int GetThreads(int* threads, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_seed")]
    internal static partial int Seed(ulong seed, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_cuda_devices")]
    internal static partial int CudaDevices(int* devices, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_live_tensors")]
    internal static partial int LiveTensors(long* count, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_set_grad_mode")]
    internal static partial int SetGradMode(int enabled, int* previous, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_set_autocast")]
    internal static partial int SetAutocast(int deviceType, int dtype, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_create")]
    internal static partial int CreateTensor(void* data, DataType type, long* shape, int rank, int deviceType, int deviceIndex, nint* result, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_free")]
    internal static partial int FreeTensor(nint tensor);

    [LibraryImport(Library, EntryPoint = "edge_tensor_describe")]
    internal static partial int Describe(TensorHandle tensor, long* shape, int capacity, int* rank, DataType* type, int* deviceType, int* deviceIndex, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_data")]
    internal static partial int Data(TensorHandle tensor, void** data, long* bytes, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_read")]
    internal static partial int Read(TensorHandle tensor, void* data, long bytes, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_write")]
    internal static partial int Write(TensorHandle tensor, void* data, long bytes, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_share")]
    internal static partial int Share(TensorHandle tensor, nint* result, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_operator_find", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FindOperator(string name, string overload, nint* result, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_operator_schema")]
    internal static partial int Schema(nint op, byte* text, int size, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_operator_call")]
    internal static partial int Call(nint op, NativeValue* arguments, int argumentCount, NativeValue* results, int capacity, int* resultCount, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_set_requires_grad")]
    internal static partial int SetRequiresGrad(TensorHandle tensor, int requiresGrad, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_requires_grad")]
    internal static partial int RequiresGrad(TensorHandle tensor, int* requiresGrad, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_backward")]
    internal static partial int Backward(TensorHandle tensor, nint gradient, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_backward_timed")]
    internal static partial int BackwardTimed(TensorHandle tensor, NodeTime* times, int capacity, int* count, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_torch_sequence_number")]
    internal static partial int SequenceNumber(long* number, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_grad")]
    internal static partial int Gradient(TensorHandle tensor, nint* gradient, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_retain_grad")]
    internal static partial int RetainGradient(TensorHandle tensor, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensors_clear_grad")]
    internal static partial int ClearGradients(nint* tensors, int count, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_tensor_detach")]
    internal static partial int Detach(TensorHandle tensor, nint* result, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_optimizer_sgd")]
    internal static partial int SgdStep(NativeParameter* parameters, int count, long step, double learningRate, double momentum, int nesterov, double weightDecay, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_optimizer_adam")]
    internal static partial int AdamStep(NativeParameter* parameters, int count, long step, double learningRate, double beta1, double beta2, double epsilon, double weightDecay, int decoupled, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_optimizer_rmsprop")]
    internal static partial int RmsPropStep(NativeParameter* parameters, int count, double learningRate, double smoothing, double epsilon, double momentum, double weightDecay, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_optimizer_average")]
    internal static partial int Average(NativeParameter* parameters, int count, double decay, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_gradients_norm")]
    internal static partial int GradientNorm(nint* tensors, int count, double* norm, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_gradients_scale")]
    internal static partial int ScaleGradients(nint* tensors, int count, double factor, byte* error, int errorSize);

    [LibraryImport(Library, EntryPoint = "edge_gradients_clamp")]
    internal static partial int ClampGradients(nint* tensors, int count, double limit, byte* error, int errorSize);
}
