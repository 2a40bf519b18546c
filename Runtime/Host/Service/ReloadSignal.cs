using System.Runtime.InteropServices;

namespace Edge.Runtime.Service;

/// <summary>SIGHUP: asks to read the configuration again. A storm of them asks once.</summary>
internal sealed class ReloadSignal : IDisposable
{
    private readonly PosixSignalRegistration _registration;

    /// <param name="ask">Called at every signal; must be quick.</param>
    internal ReloadSignal(Action ask) => _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        ask();
    });

    public void Dispose() => _registration.Dispose();
}
