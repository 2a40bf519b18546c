using System.Runtime.InteropServices;
using Edge.Runtime.Native;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Service;

/// <summary>SIGTERM and SIGINT: the first asks for a clean end, the second ends the process at once.</summary>
internal sealed class StopSignal : IDisposable
{
    private const int SignalExitBase = 128;
    private const int SigInt = 2;
    private const int SigTerm = 15;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private int _count;

    internal StopSignal()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, "SIGTERM", SigTerm));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, "SIGINT", SigInt));
    }

    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context, string name, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            Libc.ExitNow(SignalExitBase + number);
        }
        Log.Info($"{name}: ending");
        _source.Cancel();
    }
}
