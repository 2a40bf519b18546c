using System.Runtime.InteropServices;

namespace Edge.Torch;

/// <summary>libtorch as a whole. Every member loads it on first use.</summary>
/// <remarks>
/// Any member throws <see cref="TorchUnavailableException"/> where libtorch is not installed. <c>OPENBLAS_NUM_THREADS</c> is 1
/// from then on, unless the user has set it, and operators use as many threads as there are processors, unless
/// <c>OMP_NUM_THREADS</c> says otherwise.
/// </remarks>
public static unsafe class Libtorch
{
    /// <summary>The version of libtorch that the shim was compiled against, such as <c>1.13.1</c>.</summary>
    public static string Version
    {
        get
        {
            byte* text = stackalloc byte[64];
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.Version(text, 64, error, TorchNative.ErrorSize), error);
            return Marshal.PtrToStringUTF8((nint)text)!;
        }
    }

    /// <summary>Threads that one operator may use.</summary>
    /// <exception cref="ArgumentException">Set to less than 1.</exception>
    public static int Threads
    {
        get
        {
            int threads;
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.GetThreads(&threads, error, TorchNative.ErrorSize), error);
            return threads;
        }
        set
        {
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.SetThreads(value, error, TorchNative.ErrorSize), error);
        }
    }

    /// <summary>CUDA devices that this libtorch can use; 0 for a CPU build.</summary>
    public static int CudaDevices
    {
        get
        {
            int devices;
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.CudaDevices(&devices, error, TorchNative.ErrorSize), error);
            return devices;
        }
    }

    /// <summary>Native tensors that managed code holds; back at its old value after every balanced piece of work.</summary>
    public static long LiveTensors
    {
        get
        {
            long count;
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.LiveTensors(&count, error, TorchNative.ErrorSize), error);
            return count;
        }
    }

    /// <summary>
    /// The number that the next operator gets which this thread records for gradients; operators are numbered in the order in which
    /// they run. With it, <see cref="NodeTime"/> is assigned to what ran between two moments.
    /// </summary>
    public static long SequenceNumber
    {
        get
        {
            long number;
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.SequenceNumber(&number, error, TorchNative.ErrorSize), error);
            return number;
        }
    }

    /// <summary>Seeds the random numbers of every device.</summary>
    /// <param name="seed">The same seed gives the same numbers on the same machine.</param>
    public static void Seed(ulong seed)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.Seed(seed, error, TorchNative.ErrorSize), error);
    }
}
