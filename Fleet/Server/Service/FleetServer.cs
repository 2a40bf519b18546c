using System.Data.Common;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Foundation;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Fleet.Service;

/// <summary>
/// The work of <c>edge fleet serve</c>: listens to devices and operators, and publishes what follows. One loop does it all. Where several
/// servers share a PostgreSQL, one leads; the others pass messages on to it, and one of them leads once it is gone.
/// </summary>
public sealed class FleetServer : IDisposable
{
    /// <summary>The setting by which others see that a server lives.</summary>
    internal const string Heartbeat = "heartbeat";

    /// <summary>Messages that are passed on together.</summary>
    private const int BatchLength = 4096;

    private const string LockName = "server.lock";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(5);

    private readonly FleetFolder _folder;
    private readonly Action<string> _log;
    private readonly TimeProvider _clock;
    private readonly FileStream? _lock;
    private readonly SigningKey _key;
    private readonly MqttClient _client;
    private readonly DeviceMessages _messages;
    private readonly List<DeviceMessage> _toForward = [];
    private FleetStore? _store;

    /// <summary>Opens the fleet's folder; nothing is sent before <see cref="Run"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="log">Gets one line about each thing that happens.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InputException">The folder, a key or the database cannot be used.</exception>
    public FleetServer(FleetFolder folder, Action<string> log, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(clock);
        (_folder, _log, _clock) = (folder, log, clock);
        _lock = folder.IsShared ? null : Lock(folder.Path);
        try
        {
            _store = folder.OpenStore();
            _key = folder.LoadKey();
            _ = TrustFile.Read(folder);
            _client = folder.CreateClient(folder.IsShared ? $"server-{Guid.NewGuid():N}" : "server");
        }
        catch
        {
            _key?.Dispose();
            _store?.Dispose();
            _lock?.Dispose();
            throw;
        }
        _messages = new DeviceMessages(_client, folder.Config.Root, folder.IsShared, clock);
    }

    /// <summary>What the server has done, for measurements.</summary>
    public MqttCounters Counters => _client.Counters;

    /// <summary>Serves until told to stop.</summary>
    /// <param name="stop">Ends it.</param>
    public void Run(CancellationToken stop)
    {
        _client.StateChanged += (_, e) => _log(e.State switch
        {
            MqttState.Connected => $"connected to {_folder.Config.Broker.Host}:{_folder.Config.Broker.Port}",
            MqttState.Waiting => $"no connection to the broker: {e.Reason}",
            _ => "",
        });
        _client.Start();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Serve(stop);
            }
            catch (Exception e) when (_folder.IsShared && (e is DbException || e.InnerException is DbException))
            {
                // The lead is lost with the connection: another server has it by now, and this one may follow.
                _log($"no connection to the database: {e.Message.ReplaceLineEndings(" ")}");
                stop.WaitHandle.WaitOne(BeatInterval);
            }
        }
    }

    /// <summary>Closes the connection and the database.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _key.Dispose();
        _store?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Two servers would push each other off the broker and write over each other. The kernel lets go of the lock when the process ends, however it ends.</summary>
    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"{path}: cannot be locked: another server leads this fleet, or the folder is not to be written: end the other one", e);
        }
    }

    private void Serve(CancellationToken stop)
    {
        using FleetStore store = _store ?? _folder.OpenStore();
        _store = null;
        // Each connection to the database has a name of its own: what was in the hands of the one before is missed with it.
        string name = Guid.NewGuid().ToString("N");
        FleetLeader? leader = null;
        long? last = null;
        long beat = 0;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (last is not { } time || _clock.GetElapsedTime(time) >= BeatInterval)
                {
                    last = _clock.GetTimestamp();
                    leader ??= TryLead(store);
                    if (store.IsShared)
                    {
                        store.Beat(name, beat++);
                    }
                }
                if ((leader?.Turn() ?? Forward(store)) == 0)
                {
                    _messages.Wait(Interval, stop);
                }
            }
            // The broker gives no more messages to this server before the others are told that it is gone.
            _client.Disconnect(null, GoodbyePatience);
            if (store.IsShared)
            {
                store.RemoveServer(name);
            }
        }
        finally
        {
            _messages.Follow();
        }
    }

    private FleetLeader? TryLead(FleetStore store)
    {
        if (!store.TryLead())
        {
            return null;
        }
        if (store.IsShared)
        {
            _log("this server leads");
        }
        var logic = new FleetLogic(store, _key, _folder.Config.Root, TrustFile.Read(_folder), _clock);
        return new FleetLeader(store, logic, _client, _messages, _folder.Config.Root, _log, _clock);
    }

    /// <summary>Passes good messages on to the server that leads.</summary>
    private int Forward(FleetStore store)
    {
        int count = _messages.Read(message =>
        {
            try
            {
                FleetLeader.Parse(message);
                _toForward.Add(message);
            }
            catch (InputException e)
            {
                _log(PlainText.Of($"{message.Device}: {e.Message}")!);
            }
        }, BatchLength);
        if (_toForward.Count > 0)
        {
            // What cannot be written stays in the list for the next connection.
            store.Forward(_toForward);
            _toForward.Clear();
        }
        return count;
    }
}
