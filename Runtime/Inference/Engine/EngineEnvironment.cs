using System.Runtime.InteropServices;
using Edge.Foundation;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference;

/// <summary>
/// Gets ONNX Runtime ready, once for the process: its telemetry is switched off before it loads, its library is found, and its
/// log is kept to what is fatal, since every error comes back as an exception. All of Edge.Inference calls it by itself;
/// other code that uses the engine calls <see cref="Prepare"/> first.
/// </summary>
public static class EngineEnvironment
{
    /// <summary>The environment variable that names a folder with another build of the engine.</summary>
    public const string HomeVariable = "EDGE_ORT_HOME";

    /// <summary>The environment variable that switches the engine's telemetry off.</summary>
    public const string TelemetryVariable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lock Gate = new();
    private static readonly string[] FileNames = ["libonnxruntime.so", "libonnxruntime.so.1"];
    private static nint _library;

    /// <summary>The file that was loaded; a bare name where the system's loader found it; null before <see cref="Prepare"/>.</summary>
    public static string? LibraryPath { get; private set; }

    /// <summary>The engine's version, such as 1.29.0.</summary>
    /// <exception cref="InferenceException">The engine's library is missing.</exception>
    public static string Version
    {
        get
        {
            Prepare();
            return OrtEnv.Instance().GetVersionString();
        }
    }

    /// <summary>
    /// Makes the engine ready. The library is looked for in the folder that EDGE_ORT_HOME names (and in its <c>lib</c>), then
    /// beside the executable, then where the system's loader looks. May be called often and from any thread.
    /// </summary>
    /// <exception cref="InferenceException">The engine's library is missing.</exception>
    public static void Prepare()
    {
        if (Volatile.Read(ref _library) != 0)
        {
            return;
        }
        lock (Gate)
        {
            if (_library != 0)
            {
                return;
            }
            NativeEnvironment.Set(TelemetryVariable, "1");
            nint library = Load();
            try
            {
                NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, (name, _, _) =>
                    name.Contains("onnxruntime", StringComparison.Ordinal) ? _library : 0);
            }
            catch (InvalidOperationException)
            {
                // Somebody used the engine before; its own resolver has already chosen a library.
                LibraryPath += " (or another one that was loaded before)";
            }
            Volatile.Write(ref _library, library);
            Quieten();
        }
    }

    /// <summary>A function that the engine's library exports, or 0.</summary>
    internal static nint Export(string name) => NativeLibrary.TryGetExport(_library, name, out nint address) ? address : 0;

    /// <summary>An engine's message, fit for one line.</summary>
    internal static string Reason(Exception exception)
    {
        string message = exception.Message;
        int end = message.StartsWith("[ErrorCode:", StringComparison.Ordinal) ? message.IndexOf("] ", StringComparison.Ordinal) : -1;
        message = (end < 0 ? message : message[(end + 2)..]).ReplaceLineEndings(" ").Trim();
        // Providers put source lines and stack traces in front of what went wrong.
        int error = message.LastIndexOf(" with error: ", StringComparison.Ordinal);
        message = error < 0 ? message : message[(error + " with error: ".Length)..];
        return message.Length > 300 ? string.Concat(message.AsSpan(0, 300), "...") : message;
    }

    private static nint Load()
    {
        string? home = Environment.GetEnvironmentVariable(HomeVariable);
        string[] folders = string.IsNullOrEmpty(home)
            ? [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")]
            : [home, Path.Combine(home, "lib"), AppContext.BaseDirectory];
        foreach (string folder in folders)
        {
            foreach (string name in FileNames)
            {
                string path = Path.GetFullPath(Path.Combine(folder, name));
                if (File.Exists(path) && NativeLibrary.TryLoad(path, out nint library))
                {
                    LibraryPath = path;
                    return library;
                }
            }
        }
        foreach (string name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                LibraryPath = name;
                return library;
            }
        }
        throw new InferenceException($"{FileNames[0]} (ONNX Runtime) cannot be loaded; put it beside the executable or name its folder in {HomeVariable}");
    }

    private static void Quieten()
    {
        if (!OrtEnv.IsCreated)
        {
            var options = new EnvironmentCreationOptions { logId = "edge", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
#pragma warning disable CA2000 // The environment belongs to the process.
            _ = OrtEnv.CreateInstanceWithOptions(ref options);
#pragma warning restore CA2000
        }
    }
}
