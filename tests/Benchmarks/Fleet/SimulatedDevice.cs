using Edge.Fleet.Protocol;
using Edge.Packages;

namespace Edge.Benchmarks.Fleet;

/// <summary>A device that says what an agent says: it checks the desired state's signature, device and counter, and reports every phase. It fetches nothing.</summary>
internal sealed class SimulatedDevice(string name)
{
    private static readonly UpdatePhase[] Phases = [UpdatePhase.Downloading, UpdatePhase.Verifying, UpdatePhase.Staged, UpdatePhase.Trial, UpdatePhase.Committed];

    private DesiredRelease? _target;
    private long _counter;
    private int _phase = Phases.Length;

    internal Topics Topics { get; } = new(Topics.DefaultRoot, name);

    internal long Running { get; private set; } = 1;

    /// <summary>Whether there is a phase to report.</summary>
    internal bool IsBusy => _phase < Phases.Length;

    /// <summary>Takes a desired state.</summary>
    /// <returns>Whether it is new.</returns>
    internal bool Take(ReadOnlySpan<byte> payload, VerifyingKey key)
    {
        DesiredMessage message = DesiredMessage.Parse(payload);
        if (!key.Verify(SignedBytes.ToSign(DesiredState.Purpose, message.Desired.Payload), message.Desired.Signature))
        {
            throw new BenchException($"{name}: the desired state is not signed by the fleet");
        }
        DesiredState state = DesiredState.Parse(message.Desired.Payload);
        if (state.Device != name || state.Releases.Count != 1)
        {
            throw new BenchException($"{name}: the desired state is for {state.Device} and has {state.Releases.Count} releases");
        }
        if (state.Counter <= _counter)
        {
            return false;
        }
        (_counter, _target) = (state.Counter, state.Releases[0]);
        _phase = _target.Release == Running ? Phases.Length - 1 : 0;
        return true;
    }

    /// <summary>Goes one phase on and says so.</summary>
    internal byte[] Step()
    {
        UpdatePhase phase = Phases[_phase++];
        if (phase == UpdatePhase.Committed)
        {
            Running = _target!.Release;
        }
        return Report(phase);
    }

    internal byte[] Report(UpdatePhase phase = UpdatePhase.Idle) => new ReportedState
    {
        Time = DateTimeOffset.UnixEpoch,
        Counter = _counter,
        RuntimeVersion = "0.1.0",
        Packages =
        [
            new PackageReport
            {
                Name = BenchFolder.Package,
                Running = Reference(Running),
                RunningManifest = BenchFolder.Manifest(Running),
                Phase = phase,
                Target = _target is null ? null : Reference(_target.Release),
                TargetManifest = _target?.ManifestSha256,
                Attempt = _target?.Attempt ?? 0,
                ProgressPercent = phase == UpdatePhase.Committed ? 100 : 0,
            },
        ],
    }.ToUtf8();

    private static ModelReference Reference(long release) => new() { Name = BenchFolder.Package, Version = $"{release}.0.0", Release = release };
}
