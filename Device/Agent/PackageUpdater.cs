using Edge.Agent.Fetching;
using Edge.Agent.State;
using Edge.Agent.Trust;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Agent;

/// <summary>Does what the state of one package asks for, a small piece at a time. One thread at a time.</summary>
internal sealed class PackageUpdater : IDisposable
{
    private static readonly TimeSpan PumpPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly AgentOptions _options;
    private readonly TrustStore _trust;
    private readonly IModelHost _host;
    private readonly SlotFolder _folder;
    private readonly Action<string> _log;
    private Incoming? _incoming;
    private BlobFetcher? _fetcher;
    private string _loaded;
    private long? _trialStart;
    private long? _retryFrom;
    private string? _waiting;
    // What the last whole step waited for: in the middle of one nothing is known yet.
    private volatile string? _told;

    /// <summary>Finds out what is to run, and makes sure that it is whole; nothing is loaded.</summary>
    /// <exception cref="AgentException">No package of this name can be used.</exception>
    internal PackageUpdater(AgentOptions options, TrustStore trust, IModelHost host, string name, string factory, Action<string> log)
    {
        (_options, _trust, _host, _log) = (options, trust, host, log);
        _folder = new SlotFolder(Path.Combine(options.Folder, name), factory);
        _folder.Prepare();
        State = JournalFile.Load(_folder.Journal, AgentJsonContext.Default.UpdateState) ?? FromFactory(name);
        Save(UpdateMachine.Started(State, options.MaximumStarts));
        CheckSlots();
        _loaded = SlotToRun;
    }

    internal UpdateState State { get; private set; }

    /// <summary>The file that is to be loaded.</summary>
    internal string PathToRun => _folder.File(SlotToRun);

    private string SlotToRun => State.Phase == UpdatePhase.Trial ? State.TargetSlot : State.Running.Slot;

    /// <summary>A desired state names a release.</summary>
    internal void Asked(DesiredRelease release) => Move(UpdateMachine.Asked(State, release));

    /// <summary>A desired state asks for the package that the device was delivered with.</summary>
    internal void Delivered()
    {
        if (State.IsBusy || State.Running.Slot != SlotName.Factory)
        {
            if (Factory() is { } factory)
            {
                Move(UpdateMachine.Delivered(State, factory));
            }
            else
            {
                _log($"{State.Name}: the package that the device was delivered with cannot be used: the one that runs goes on");
            }
        }
    }

    /// <summary>The release that is being tried does not load.</summary>
    /// <returns>False where none is being tried.</returns>
    internal bool FailTrial(string reason)
    {
        if (State.Phase != UpdatePhase.Trial)
        {
            return false;
        }
        Move(UpdateMachine.Rejected(State, reason));
        _loaded = SlotToRun;
        return true;
    }

    /// <summary>Does a piece of what there is to do.</summary>
    /// <param name="client">The connection; null where there is none.</param>
    /// <param name="stop">Ends waiting.</param>
    /// <returns>Whether there is more to do at once.</returns>
    internal bool Step(MqttClient? client, CancellationToken stop)
    {
        _waiting = null;
        try
        {
            switch (State.Phase)
            {
                case UpdatePhase.Downloading:
                    return Load(SlotToRun) && Download(client, stop);
                case UpdatePhase.Verifying:
                    Verify();
                    return true;
                case UpdatePhase.Staged:
                    return Load(SlotToRun) && Rehearse();
                case UpdatePhase.Trial:
                    return Try();
                default:
                    Load(SlotToRun);
                    return false;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Full and broken disks come and go: nothing is decided by them.
            _waiting = $"the disk: {e.Message}";
            LetGo();
            return false;
        }
        finally
        {
            _told = _waiting;
        }
    }

    /// <summary>The process is told to end.</summary>
    internal void Stop()
    {
        if (State.Phase is UpdatePhase.Staged or UpdatePhase.Trial)
        {
            Save(UpdateMachine.Stopped(State));
        }
    }

    internal PackageReport Report() => new()
    {
        Name = State.Name,
        Running = Loaded()?.Reference(State.Name),
        RunningManifest = Loaded()?.ManifestSha256,
        Previous = State.Previous?.Reference(State.Name),
        Phase = State.Phase,
        Target = State.Target is { } target ? new ModelReference { Name = target.Name, Version = target.Version, Release = target.Release } : null,
        TargetManifest = State.Target?.ManifestSha256,
        Attempt = State.Target?.Attempt ?? 0,
        ProgressPercent = Math.Round(Progress(), 1),
        BytesFetched = State.BytesFetched + (_fetcher?.BytesReceived ?? 0),
        BytesReused = State.BytesReused + (_incoming?.BytesReused ?? 0),
        BytesPerSecond = Math.Round(_fetcher?.Speed.BytesPerSecond() ?? 0),
        Waiting = _told,
        Error = State.Error,
    };

    public void Dispose() => LetGo();

    private UpdateState FromFactory(string name)
    {
        SlotRelease factory = Factory() ?? throw new AgentException($"{_folder.File(SlotName.Factory)}: the package that the device was delivered with cannot be used: see edge-runtime check");
        return new UpdateState { Name = name, Running = factory, Highest = factory.Release };
    }

    private SlotRelease? Factory() => _folder.Open(SlotName.Factory, null, _trust.Known) is { } package ? Describe(SlotName.Factory, package) : null;

    private static SlotRelease Describe(string slot, Package package) => new()
    {
        Slot = slot,
        Version = package.Manifest.Version,
        Release = package.Manifest.Release,
        ManifestSha256 = PackageAssembly.ManifestHash(package.ManifestBytes.Span),
    };

    /// <summary>What is to run must be whole: a damaged slot is passed over for the best of what is left.</summary>
    private void CheckSlots()
    {
        if (State.Phase == UpdatePhase.Trial && _folder.Open(State.TargetSlot, State.Target!.ManifestSha256, _trust.Known) is null)
        {
            Save(UpdateMachine.Rejected(State, "its file was damaged while it was tried"));
        }
        SlotRelease running = State.Running;
        if (running.Slot == SlotName.Factory)
        {
            // The delivered package may have been replaced by an upgrade of the system.
            if (Factory() is { } factory && factory != running)
            {
                Save(UpdateMachine.Runs(State, factory));
            }
        }
        else if (_folder.Open(running.Slot, running.ManifestSha256, _trust.Known) is null)
        {
            SlotRelease? rest = State.Previous is { } previous && _folder.Open(previous.Slot, previous.ManifestSha256, _trust.Known) is not null ? previous : Factory();
            _log($"{State.Name}: the file of release {running.Release} is damaged: {(rest is null ? "nothing is left" : $"release {rest.Release} runs in its place")}");
            Save(UpdateMachine.Runs(State, rest ?? throw new AgentException($"{_folder.Path}: no release of {State.Name} is whole: install a package again")));
        }
    }

    private bool Download(MqttClient? client, CancellationToken stop)
    {
        if (Gate() is { } reason)
        {
            _waiting = reason;
            LetGo();
            return false;
        }
        try
        {
            if (_incoming is null)
            {
                _incoming = new Incoming(_folder, State.Target!, _trust.Packages);
                _incoming.LookForManifest();
                if (_incoming.HasManifest && !Begin())
                {
                    return false;
                }
            }
            if (_incoming.IsComplete)
            {
                _incoming.Finish();
                Move(UpdateMachine.Fetched(Counted()));
                return true;
            }
            if (client is null)
            {
                _waiting = "there is no connection to the broker";
                return false;
            }
            Fetch(client, stop);
            return true;
        }
        catch (InputException e)
        {
            Move(UpdateMachine.Rejected(Counted(), e.Message));
            return true;
        }
    }

    /// <summary>Opens the file once there is room for it.</summary>
    private bool Begin()
    {
        long need = _incoming!.BytesOfDisk!.Value + _options.ReserveBytes;
        long free = new DriveInfo(_folder.Path).AvailableFreeSpace;
        if (free < need)
        {
            _waiting = $"the disk has {free} bytes free, the release needs {need}: make room";
            LetGo();
            return false;
        }
        _incoming.Begin(Donors());
        return true;
    }

    private IEnumerable<Package> Donors()
    {
        foreach (string slot in (string[])[SlotName.A, SlotName.B, SlotName.Factory])
        {
            if (_folder.Open(slot, null, _trust.Known) is { } package)
            {
                yield return package;
            }
        }
    }

    private void Fetch(MqttClient client, CancellationToken stop)
    {
        if (_fetcher?.Client != client)
        {
            State = Counted();
            _fetcher?.Dispose();
            _fetcher = new BlobFetcher(client, _options);
            WantAll();
        }
        bool hadManifest = _incoming!.HasManifest;
        _fetcher.Pump((blob, bytes) => _incoming.Take(blob.Sha256, bytes), PumpPatience, stop);
        if (_incoming.HasManifest && !hadManifest && Begin())
        {
            WantAll();
        }
        _waiting ??= _fetcher?.Trouble;
    }

    private void WantAll()
    {
        foreach (BlobReference blob in _incoming!.Wanted())
        {
            _fetcher!.Want(blob);
        }
    }

    /// <summary>Looks at the whole package as it lies on the disk, and gives it its slot.</summary>
    private void Verify()
    {
        LetGo();
        string slot = _folder.File(State.TargetSlot);
        if (File.Exists(_folder.Part))
        {
            try
            {
                Package package = Package.Open(_folder.Part, _trust.Packages);
                if (PackageAssembly.ManifestHash(package.ManifestBytes.Span) != State.Target!.ManifestSha256)
                {
                    Move(UpdateMachine.Damaged(State));
                    return;
                }
            }
            catch (PackageException e)
            {
                File.Delete(_folder.Part);
                Move(UpdateMachine.Rejected(State, e.Message));
                return;
            }
            File.Move(_folder.Part, slot, overwrite: true);
            AtomicFile.SyncDirectory(_folder.Path);
        }
        bool whole = _folder.Open(State.TargetSlot, State.Target!.ManifestSha256, _trust.Packages) is not null;
        Move(whole ? UpdateMachine.Verified(State) : UpdateMachine.Damaged(State));
    }

    private bool Rehearse()
    {
        if (Gate() is { } reason)
        {
            _waiting = reason;
            return false;
        }
        try
        {
            _host.Rehearse(State.Name, _folder.File(State.TargetSlot), State.Target!.Trial);
            Move(UpdateMachine.Switching(State));
        }
        catch (InputException e)
        {
            Move(UpdateMachine.Rejected(State, e.Message));
        }
        return true;
    }

    private bool Try()
    {
        try
        {
            if (_loaded != State.TargetSlot)
            {
                _host.Use(State.Name, _folder.File(State.TargetSlot));
                _loaded = State.TargetSlot;
            }
        }
        catch (InputException e)
        {
            Move(UpdateMachine.Rejected(State, e.Message));
            return true;
        }
        _trialStart ??= _options.TimeProvider.GetTimestamp();
        if (_host.Complaint(State.Name, State.Target!.Trial) is { } complaint)
        {
            Move(UpdateMachine.Rejected(State, complaint));
            return true;
        }
        if (TrialTime().TotalSeconds < State.Target.Trial.Seconds)
        {
            return false;
        }
        Move(UpdateMachine.Passed(State));
        return true;
    }

    /// <summary>Changes to what a slot holds, unless it runs.</summary>
    /// <returns>Whether it runs.</returns>
    private bool Load(string slot)
    {
        if (_loaded == slot)
        {
            return true;
        }
        if (_retryFrom is { } from && _options.TimeProvider.GetElapsedTime(from) < RetryAfter)
        {
            return false;
        }
        try
        {
            _host.Use(State.Name, slot == SlotName.Factory ? null : _folder.File(slot));
            (_loaded, _retryFrom) = (slot, null);
            return true;
        }
        catch (InputException e)
        {
            _waiting = $"the release before does not load: {e.Message}";
            _retryFrom = _options.TimeProvider.GetTimestamp();
            return false;
        }
    }

    private string? Gate() =>
        _options.Window is { } window && !window.IsOpen(_options.TimeProvider) ? $"updates wait for {window}" : _options.Gate?.Invoke();

    /// <summary>The release that is loaded.</summary>
    private SlotRelease? Loaded() => _loaded == State.Running.Slot
        ? State.Running
        : State.Target is { } target && _loaded == State.TargetSlot
            ? new SlotRelease { Slot = _loaded, Version = target.Version, Release = target.Release, ManifestSha256 = target.ManifestSha256 }
            : null;

    private double Progress() => State.Phase switch
    {
        UpdatePhase.Downloading => _incoming?.ProgressPercent ?? 0,
        UpdatePhase.Trial => State.Target!.Trial.Seconds == 0 ? 100 : Math.Min(100, 100 * TrialTime().TotalSeconds / State.Target.Trial.Seconds),
        UpdatePhase.Verifying or UpdatePhase.Staged or UpdatePhase.Committed => 100,
        _ => 0,
    };

    private TimeSpan TrialTime() => _trialStart is { } start ? _options.TimeProvider.GetElapsedTime(start) : TimeSpan.Zero;

    private UpdateState Counted()
    {
        UpdateState counted = State with
        {
            BytesFetched = State.BytesFetched + (_fetcher?.BytesReceived ?? 0),
            BytesReused = State.BytesReused + (_incoming?.BytesReused ?? 0),
        };
        LetGoOfFetcher();
        return counted;
    }

    /// <summary>Saves a new state, lets go of what belonged to the old one, and loads what is to run.</summary>
    private void Move(UpdateState next)
    {
        UpdateState before = State;
        if (next == before)
        {
            return;
        }
        Save(next);
        if (next.Phase != UpdatePhase.Trial || before.Phase != UpdatePhase.Trial)
        {
            _trialStart = null;
        }
        if (next.Phase != UpdatePhase.Downloading || before.Target?.ManifestSha256 != next.Target?.ManifestSha256)
        {
            LetGo();
        }
        if (next.Phase != before.Phase || next.Error != before.Error)
        {
            _log($"{next.Name}: {Describe(next)}");
        }
        if (!next.IsBusy)
        {
            Load(SlotToRun);
            if (next.Phase == UpdatePhase.Committed)
            {
                File.Delete(_folder.Manifest);
            }
        }
    }

    private void Save(UpdateState next)
    {
        if (next != State || !File.Exists(_folder.Journal))
        {
            JournalFile.Save(_folder.Journal, next, AgentJsonContext.Default.UpdateState);
            State = next;
        }
    }

    private void LetGo()
    {
        LetGoOfFetcher();
        _incoming?.Dispose();
        _incoming = null;
    }

    private void LetGoOfFetcher()
    {
        _fetcher?.Dispose();
        _fetcher = null;
    }

    private static string Describe(UpdateState state)
    {
        string target = state.Target is { } t ? $"{t.Version} (release {t.Release})" : $"{state.Running.Version} (release {state.Running.Release})";
        return state.Phase switch
        {
            UpdatePhase.Downloading => $"{target} is asked for",
            UpdatePhase.Verifying => $"{target} is fetched",
            UpdatePhase.Staged => $"{target} is whole and signed",
            UpdatePhase.Trial => $"{target} is tried for {state.Target!.Trial.Seconds:0.#} s",
            UpdatePhase.Committed => $"{target} is kept",
            UpdatePhase.RolledBack => $"{target} is taken back: {state.Error}",
            UpdatePhase.Failed => $"{target} is refused: {state.Error}",
            _ => $"{target} runs",
        };
    }
}
