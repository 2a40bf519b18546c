using Edge.Agent.State;
using Edge.Agent.Trust;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Agent;

/// <summary>
/// Keeps the packages of a device at what its desired state says: follows <c>…/update/desired</c>, fetches, verifies, tries,
/// keeps or goes back, and tells on <c>…/update/reported</c>. Everything happens on one thread of its own; between any two
/// steps the power may fail.
/// </summary>
public sealed class UpdateAgent : IDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly AgentOptions _options;
    private readonly IModelHost _host;
    private readonly Action<string> _log;
    private readonly TrustStore _trust;
    private readonly Topics _topics;
    private readonly MqttTopic _reportTopic;
    private readonly Dictionary<string, PackageUpdater> _updaters = new(StringComparer.Ordinal);
    private readonly string _boot = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _signal = new(false);
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly Lock _signalGate = new();
    private bool _isDeaf;
    private MqttClient? _client;
    private MqttSubscription? _desired;
    private DeviceRecord _record;
    private string? _refused;
    private long _sequence;
    private byte[] _lastReport = [];
    private string _lastPhases = "";
    private long? _lastReportTime;
    private volatile bool _greet;
    private bool _isStarted;
    private int _isDisposed;

    /// <summary>Reads the keys and the journal of the device; nothing runs before <see cref="Start"/>.</summary>
    /// <param name="options">Who the device is, and whom it trusts.</param>
    /// <param name="host">What runs the models.</param>
    /// <param name="log">Gets one line about each thing that happens.</param>
    /// <exception cref="InputException">A key cannot be read, or the folder cannot be used.</exception>
    public UpdateAgent(AgentOptions options, IModelHost host, Action<string> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_options, _host, _log) = (options, host, log);
        try
        {
            Directory.CreateDirectory(options.Folder);
            _trust = new TrustStore(options);
            _record = JournalFile.Load(RecordPath, AgentJsonContext.Default.DeviceRecord) ?? new DeviceRecord();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"{options.Folder}: updates need a folder to write to: {e.Message}", e);
        }
        _topics = new Topics(options.Root, options.Device);
        _reportTopic = new MqttTopic(_topics.UpdateReported);
        _thread = new Thread(Run) { IsBackground = true, Name = "update" };
    }

    /// <summary>Whose packages may be loaded.</summary>
    public PackageTrust Trust => _trust.Known;

    private string RecordPath => Path.Combine(_options.Folder, "device.json");

    /// <summary>Takes a package into care, before <see cref="Start"/>: finds out which release is to run and that it is whole.</summary>
    /// <param name="name">The package's name.</param>
    /// <param name="factoryPath">The package that the device was delivered with.</param>
    /// <returns>The file to load.</returns>
    /// <exception cref="AgentException">No release of the package is whole.</exception>
    public string Register(string name, string factoryPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (_gate)
        {
            if (!_updaters.TryGetValue(name, out PackageUpdater? updater))
            {
                try
                {
                    _updaters.Add(name, updater = new PackageUpdater(_options, _trust, _host, name, factoryPath, _log));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new AgentException($"{_options.Folder}: updates need a folder to write to: {e.Message}", e);
                }
            }
            return updater.PathToRun;
        }
    }

    /// <summary>A file that <see cref="Register"/> gave does not load: where it was on trial, the release before takes its place.</summary>
    /// <param name="name">The package's name.</param>
    /// <param name="reason">Why it does not load.</param>
    /// <returns>The file to load instead; null where there is no other.</returns>
    public string? FailTrial(string name, string reason)
    {
        lock (_gate)
        {
            return _updaters.TryGetValue(name, out PackageUpdater? updater) && updater.FailTrial(reason) ? updater.PathToRun : null;
        }
    }

    /// <summary>Uses a connection, in place of the one before; it may be one that does not stand yet.</summary>
    /// <param name="client">The connection; the caller disposes it.</param>
    public void Attach(MqttClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        lock (_gate)
        {
            _client = client;
            _desired = client.Subscribe(_topics.UpdateDesired, MqttQos.AtLeastOnce, capacity: 4);
        }
        client.StateChanged += (_, e) =>
        {
            if (e.State == MqttState.Connected)
            {
                // The broker may have forgotten what was retained.
                _greet = true;
                Wake();
            }
        };
        Wake();
    }

    /// <summary>Starts to follow the desired state; the packages that <see cref="Register"/> named are loaded by now.</summary>
    public void Start()
    {
        _isStarted = true;
        _thread.Start();
    }

    /// <summary>How the device stands.</summary>
    public ReportedState Report()
    {
        lock (_gate)
        {
            var packages = new List<PackageReport>();
            foreach (PackageUpdater updater in _updaters.Values)
            {
                packages.Add(updater.Report());
            }
            return new ReportedState
            {
                Time = _options.TimeProvider.GetUtcNow(),
                Boot = _boot,
                Sequence = _sequence,
                Counter = _record.Counter,
                TrustVersion = _trust.Version,
                RuntimeVersion = _options.RuntimeVersion,
                Refused = _refused,
                Packages = packages,
            };
        }
    }

    /// <summary>Takes a message, on the agent's thread; what is wrong with it is reported, never thrown.</summary>
    internal void Receive(ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            try
            {
                Accept(payload);
                _refused = null;
            }
            catch (InputException e)
            {
                _refused = e.Message;
                _log($"a desired state is refused: {e.Message}");
            }
        }
        Wake();
    }

    /// <summary>Ends the thread after the step that it is at.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }
        _stop.Cancel();
        Wake();
        if (_isStarted)
        {
            _thread.Join(StopPatience);
        }
        lock (_gate)
        {
            foreach (PackageUpdater updater in _updaters.Values)
            {
                updater.Stop();
                updater.Dispose();
            }
        }
        _stop.Dispose();
        lock (_signalGate)
        {
            _isDeaf = true;
            _signal.Dispose();
        }
    }

    /// <summary>Tells the thread that there is something to do. A connection may live longer than the agent.</summary>
    private void Wake()
    {
        lock (_signalGate)
        {
            if (!_isDeaf)
            {
                _signal.Set();
            }
        }
    }

    private void Run()
    {
        Resume();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                bool more = ReadDesired() | Step();
                Tell();
                if (!more)
                {
                    Sleep();
                }
            }
            catch (Exception e)
            {
                // A device that cannot be updated any more cannot be mended either: the thread goes on whatever happens.
                _log($"updates: {(e is InputException ? "" : $"unexpected {e.GetType().Name}: ")}{e.Message}");
                _stop.Token.WaitHandle.WaitOne(Heartbeat * 20);
            }
        }
    }

    /// <summary>Goes on with the state that was accepted last, without waiting for a broker.</summary>
    private void Resume()
    {
        try
        {
            if (_record.Desired.Length > 0)
            {
                lock (_gate)
                {
                    Follow(DesiredState.Parse(_record.Desired));
                }
            }
        }
        catch (Exception e) when (e is InputException or IOException)
        {
            _log($"updates: the desired state of before the restart is not followed: {e.Message}");
        }
    }

    private bool ReadDesired()
    {
        if (_desired is { } desired && desired.Messages.TryRead(out MqttMessage? message))
        {
            if (message.Payload.Length > 0)
            {
                Receive(message.Payload);
            }
            return true;
        }
        return false;
    }

    private bool Step()
    {
        bool more = false;
        PackageUpdater[] updaters;
        lock (_gate)
        {
            updaters = [.. _updaters.Values];
        }
        foreach (PackageUpdater updater in updaters)
        {
            more |= updater.Step(_client, _stop.Token);
        }
        return more;
    }

    private void Sleep()
    {
        if (_desired is { } desired)
        {
            Task arrival = desired.Messages.WaitToReadAsync().AsTask();
            if (arrival.IsCompleted && desired.Messages.Completion.IsCompleted)
            {
                _desired = null;
                return;
            }
            WaitHandle.WaitAny([_signal, ((IAsyncResult)arrival).AsyncWaitHandle], Heartbeat);
        }
        else
        {
            _signal.WaitOne(Heartbeat);
        }
    }

    private void Accept(ReadOnlyMemory<byte> payload)
    {
        DesiredMessage message = DesiredMessage.Parse(payload.Span);
        if (message.Trust is { } trust)
        {
            _trust.Accept(trust);
        }
        if (!TrustStore.IsSigned(_trust.FleetKeys, DesiredState.Purpose, message.Desired))
        {
            throw new AgentException("the desired state is not signed by a key of the fleet that this device trusts: sign it with such a key");
        }
        DesiredState state = DesiredState.Parse(message.Desired.Payload);
        if (state.Root != _options.Root || (state.Device is { } device ? device != _options.Device : !IsMember(state.Group!)))
        {
            throw new AgentException($"the desired state is for {(state.Device is null ? $"the group {state.Group}" : $"the device {state.Device}")} of {state.Root}, this is {_options.Device} of {_options.Root}");
        }
        if (message.Desired.Payload.AsSpan().SequenceEqual(_record.Desired))
        {
            return;
        }
        if (state.Counter <= _record.Counter)
        {
            throw new AgentException($"the desired state has the counter {state.Counter}, {_record.Counter} was accepted before: an old message was sent again");
        }
        var record = new DeviceRecord { Counter = state.Counter, Desired = message.Desired.Payload };
        JournalFile.Save(RecordPath, record, AgentJsonContext.Default.DeviceRecord);
        _record = record;
        Follow(state);
    }

    private void Follow(DesiredState state)
    {
        foreach (DesiredRelease release in state.Releases)
        {
            if (_updaters.TryGetValue(release.Name, out PackageUpdater? updater))
            {
                updater.Asked(release);
            }
            else
            {
                throw new AgentException($"no pipeline of this device uses a package called {release.Name}: give it one, or ask another device");
            }
        }
        foreach (string name in state.Factory)
        {
            if (_updaters.TryGetValue(name, out PackageUpdater? updater))
            {
                updater.Delivered();
            }
        }
    }

    private bool IsMember(string group)
    {
        foreach (string own in _options.Groups)
        {
            if (own == group)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Publishes the report if it says something new: at once what has happened, now and then how far it is.</summary>
    private void Tell()
    {
        if (_client is not { State: MqttState.Connected } client)
        {
            return;
        }
        ReportedState report = Report();
        string phases = Phases(report);
        bool greet = _greet;
        bool isDue = _lastReportTime is not { } last || _options.TimeProvider.GetElapsedTime(last) >= _options.ReportInterval;
        if (!greet && phases == _lastPhases && !isDue)
        {
            return;
        }
        byte[] body = (report with { Time = default, Sequence = 0 }).ToUtf8();
        if (!greet && body.AsSpan().SequenceEqual(_lastReport))
        {
            return;
        }
        var publication = new MqttPublication { Topic = _reportTopic, Payload = (report with { Sequence = _sequence + 1 }).ToUtf8(), Retain = true };
        if (client.PublishAhead(publication) == MqttPublishResult.Queued)
        {
            _sequence++;
            _greet = _greet && !greet;
            (_lastReport, _lastPhases, _lastReportTime) = (body, phases, _options.TimeProvider.GetTimestamp());
        }
    }

    private static string Phases(ReportedState report)
    {
        var text = new System.Text.StringBuilder();
        text.Append(report.Counter).Append(report.Refused).Append(report.TrustVersion);
        foreach (PackageReport package in report.Packages)
        {
            text.Append('|').Append(package.Phase).Append(package.TargetManifest).Append(package.RunningManifest).Append(package.Attempt).Append(package.Error).Append(package.Waiting);
        }
        return text.ToString();
    }
}
