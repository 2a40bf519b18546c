using System.Reflection;
using System.Runtime.InteropServices;
using Edge.Foundation;

namespace Edge.Torch;

/// <summary>Finds and loads the shim, with the environment that libtorch's own libraries read when they are loaded.</summary>
internal static unsafe class TorchLibrary
{
    private const string FileName = "libedge_torch.so";
    private const string SpinCount = "4000";

    private static readonly Lock LoadLock = new();
    private static nint _library;

    /// <summary>From here on, the first call of a native function loads the library.</summary>
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(TorchLibrary).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != TorchNative.Library)
        {
            return 0;
        }
        lock (LoadLock)
        {
            if (_library == 0)
            {
                _library = Load();
            }
            return _library;
        }
    }

    private static nint Load()
    {
        // libtorch runs one BLAS call per thread of its own pool; a second pool inside BLAS makes the two fight for the cores.
        NativeEnvironment.Set("OPENBLAS_NUM_THREADS", "1", overwrite: false);
        // libgomp's threads spin for milliseconds while they wait for each other. Where another process wants the cores too,
        // they spin away the time of the very thread that they wait for.
        if (NativeEnvironment.Get("OMP_WAIT_POLICY") is null)
        {
            NativeEnvironment.Set("GOMP_SPINCOUNT", SpinCount, overwrite: false);
        }
        string path = Path.Combine(AppContext.BaseDirectory, FileName);
        if (!File.Exists(path))
        {
            throw new TorchUnavailableException($"{path} is missing: build it with make -C Converter/Torch/Native, or build the project again");
        }
        nint library = Open(path);
        int version = ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "edge_torch_abi_version"))();
        if (version != TorchNative.AbiVersion)
        {
            throw new TorchUnavailableException($"{path} has interface version {version}, this program needs {TorchNative.AbiVersion}: build both again");
        }
        _ = ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "edge_torch_keep_memory"))();
        if (NativeEnvironment.Get("OMP_NUM_THREADS") is null)
        {
            var setThreads = (delegate* unmanaged<int, byte*, int, int>)NativeLibrary.GetExport(library, "edge_torch_set_threads");
            _ = setThreads(Environment.ProcessorCount, null, 0);
        }
        return library;
    }

    private static nint Open(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            // .NET's advice comes first, the loader's own reason after it.
            string[] lines = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string line = lines.Length > 1 ? lines[1] : lines[0];
            string message = line.Contains("libtorch", StringComparison.Ordinal) || line.Contains("libc10", StringComparison.Ordinal)
                ? $"libtorch is not installed: apt-get install libtorch-dev, or set LIBTORCH=<folder> and build again ({line})"
                : $"{path} cannot be loaded: {line}";
            throw new TorchUnavailableException(message, e);
        }
    }
}
