using Edge.Foundation;
using Edge.Inference;

namespace Edge.Runtime.Models;

/// <summary>
/// Loads the engine's library on a thread of its own while configuration and packages are read. Disposing waits for it: a process
/// must not end while a library starts.
/// </summary>
internal sealed class EngineStart : IDisposable
{
    private readonly Thread _thread;

    internal EngineStart()
    {
        // The environment is changed before there is a second thread that could read it.
        NativeEnvironment.Set(EngineEnvironment.TelemetryVariable, "1");
        _thread = new Thread(Prepare) { IsBackground = true, Name = "engine" };
        _thread.Start();
    }

    public void Dispose() => _thread.Join();

    private static void Prepare()
    {
        try
        {
            EngineEnvironment.Prepare();
        }
        catch (InferenceException)
        {
            // Whoever needs the engine is told.
        }
    }
}
