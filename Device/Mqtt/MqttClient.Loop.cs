using System.Runtime.InteropServices;
using Edge.Mqtt.Native;

namespace Edge.Mqtt;

/// <content>The client's thread: connect, serve, back off, again.</content>
public sealed partial class MqttClient
{
    /// <summary>A connection that lasted this long was a good one: the next back-off starts from the minimum.</summary>
    private static readonly TimeSpan GoodConnection = TimeSpan.FromSeconds(10);

    /// <summary>How soon the thread notices a stop while the broker has not greeted yet.</summary>
    private const int GreetingPollMilliseconds = 100;

    /// <summary>How often the connection is looked after: whether it must be tested, and whether the test was answered.</summary>
    private const int LookAfterMilliseconds = 1000;

    private bool _wasConnected;
    private long _lookedAfter;

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                SetState(MqttState.Connecting, "", TimeSpan.Zero);
                string failure = Connect() ?? Serve();
                Quiesce();
                if (_stopping)
                {
                    break;
                }
                if (TryAnotherProtocol())
                {
                    continue;
                }
                TimeSpan delay = _backoff.Next();
                SetState(MqttState.Waiting, failure, delay);
                BackOff(delay);
            }
        }
        finally
        {
            Quiesce();
            Volatile.Write(ref _closed, true);
            _inFlight.Wake();
            _handle.Dispose();
            Release();
            SetState(MqttState.Closed, "", TimeSpan.Zero);
        }
    }

    /// <summary>Connects.</summary>
    /// <returns>Why it failed, or null.</returns>
    private string? Connect()
    {
        _greeting = NoReason;
        _goodbye = NoReason;
        _wasConnected = false;
        nint properties = 0;
        try
        {
            if (_protocol == Mosquitto.ProtocolMqtt5)
            {
                _ = Mosquitto.PropertyAddInt32(ref properties, Mosquitto.PropertyMaximumPacketSize, (uint)_options.MaximumReceivedBytes);
                if (_options.SessionExpiry > TimeSpan.Zero)
                {
                    _ = Mosquitto.PropertyAddInt32(ref properties, Mosquitto.PropertySessionExpiry, (uint)_options.SessionExpiry.TotalSeconds);
                }
            }
            int status = Mosquitto.Connect(_handle, _options.Host, _options.Port, (int)_options.KeepAlive.TotalSeconds, null, properties);
            return status == MosquittoStatus.Success ? null : Describe(status, Marshal.GetLastPInvokeError());
        }
        finally
        {
            Mosquitto.PropertyFreeAll(ref properties);
        }
    }

    /// <summary>Moves bytes until the connection ends.</summary>
    /// <returns>Why it ended.</returns>
    private string Serve()
    {
        long start = Environment.TickCount64;
        bool connected = false;
        while (true)
        {
            // The library's own loop also finishes the handshake of TLS.
            int status = connected ? Pump() : Mosquitto.Loop(_handle, GreetingPollMilliseconds, 1);
            int systemError = Marshal.GetLastPInvokeError();
            if (!connected && _greeting == MosquittoStatus.Success)
            {
                connected = true;
                EnterConnectedState();
            }
            if (status != MosquittoStatus.Success || _greeting > MosquittoStatus.Success)
            {
                if (connected && Environment.TickCount64 - start >= GoodConnection.TotalMilliseconds)
                {
                    _backoff.Reset();
                }
                return Explain(status, systemError);
            }
            bool late = Environment.TickCount64 - start >= _options.ConnectTimeout.TotalMilliseconds;
            if (!connected && (_stopping || late))
            {
                return "the broker does not answer";
            }
        }
    }

    /// <summary>
    /// Moves bytes once they can be moved. Publishers ring only where this thread waits, and a ring is answered once for all that is
    /// there; the library's own loop waits, reads and writes once for every single message.
    /// </summary>
    /// <returns>The library's status.</returns>
    private int Pump()
    {
        int socket = Mosquitto.Socket(_handle);
        if (socket < 0)
        {
            return MosquittoStatus.NoConnection;
        }
        int status = Mosquitto.WantWrite(_handle) != 0 ? Write(socket) : MosquittoStatus.Success;
        if (status == MosquittoStatus.Success && Environment.TickCount64 - _lookedAfter >= LookAfterMilliseconds)
        {
            _lookedAfter = Environment.TickCount64;
            status = Mosquitto.LoopMiscellany(_handle);
        }
        if (status != MosquittoStatus.Success || Mosquitto.Socket(_handle) < 0)
        {
            return status;
        }
        _bell.Listen();
        short events = Mosquitto.WantWrite(_handle) != 0 ? (short)(Libc.PollIn | Libc.PollOut) : Libc.PollIn;
        short happened = _bell.Wait(socket, events, LookAfterMilliseconds);
        return (happened & ~Libc.PollOut) != 0 ? Mosquitto.LoopRead(_handle, 1) : MosquittoStatus.Success;
    }

    /// <summary>Writes what waits; several messages go together, where each by itself would wake the broker.</summary>
    private int Write(int socket)
    {
        bool areSeveral = _inFlight.Count > 1;
        if (areSeveral)
        {
            Cork(socket, 1);
        }
        int status = Mosquitto.LoopWrite(_handle, 1);
        if (areSeveral && Mosquitto.Socket(_handle) == socket)
        {
            Cork(socket, 0);
        }
        return status;
    }

    /// <summary>Holds small packets back (1) or lets them go (0), as TCP_CORK of tcp(7) does. Where it cannot be, each goes by itself.</summary>
    private static unsafe void Cork(int socket, int value) => _ = Libc.SetSocketOption(socket, Libc.LevelTcp, Libc.TcpCork, &value, sizeof(int));

    private string Explain(int status, int systemError)
    {
        if (_greeting > MosquittoStatus.Success)
        {
            return MosquittoStatus.DescribeReason(_greeting);
        }
        return _goodbye >= MosquittoStatus.FirstRefusal
            ? MosquittoStatus.DescribeReason(_goodbye)
            : Describe(status, systemError);
    }

    /// <summary>What the library says, and about TLS what a handshake of our own finds out.</summary>
    private string Describe(int status, int systemError) =>
        status == MosquittoStatus.Tls ? TlsDiagnosis.Explain(_options)
        : _options.Tls is not null && !_wasConnected && status is MosquittoStatus.ConnectionLost or MosquittoStatus.NoConnection && _greeting == NoReason && TlsDiagnosis.TryExplain(_options) is { } reason ? reason
        : MosquittoStatus.Describe(status, systemError);

    /// <summary>A broker that refuses MQTT 5 is spoken to in MQTT 3.1.1 from here on, at once.</summary>
    private bool TryAnotherProtocol()
    {
        bool isRefused = _options.Protocol == MqttProtocol.Automatic && _protocol == Mosquitto.ProtocolMqtt5 && _greeting is 1 or 132;
        if (isRefused)
        {
            Speak(Mosquitto.ProtocolMqtt311);
        }
        return isRefused;
    }

    private void EnterConnectedState()
    {
        _wasConnected = true;
        Interlocked.Increment(ref _connections);
        _state = MqttState.Connected;
        lock (_subscriptionsLock)
        {
            // Not before: whoever subscribes meanwhile would be subscribed twice, and be sent what is retained twice.
            Volatile.Write(ref _away, false);
            for (int i = 0; i < _subscriptions.Count; i++)
            {
                if (_subscriptions[i].IsResting)
                {
                    _subscriptions[i].IsMissed = true;
                    continue;
                }
                SendSubscribe(_subscriptions[i]);
            }
        }
        StateChanged?.Invoke(this, new MqttStateChangedEventArgs(MqttState.Connected, "", TimeSpan.Zero));
        Interlocked.MemoryBarrier();
        if (_stopping)
        {
            _ = Mosquitto.Disconnect(_handle, 0, 0);
        }
    }

    /// <summary>
    /// Shuts publishers out and waits for those inside. The library replaces the pipe by which they wake this thread
    /// when it connects, so none may be writing to it then.
    /// </summary>
    private void Quiesce()
    {
        Volatile.Write(ref _away, true);
        Interlocked.MemoryBarrier();
        var spin = new SpinWait();
        while (Volatile.Read(ref _users) != 0)
        {
            spin.SpinOnce();
        }
        Interlocked.Add(ref _lost, _inFlight.ForgetUnsure());
        _inFlight.Wake();
    }

    private bool EnterConnected()
    {
        // Looked at first as well, so that publishers who try again and again do not keep the count from reaching zero.
        if (Volatile.Read(ref _away))
        {
            return false;
        }
        Interlocked.Increment(ref _users);
        if (!Volatile.Read(ref _away))
        {
            return true;
        }
        Exit();
        return false;
    }

    private void Exit() => Interlocked.Decrement(ref _users);

    private void BackOff(TimeSpan delay)
    {
        lock (_sleep)
        {
            _elapsed = false;
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
            while (!_stopping && !_elapsed)
            {
                Monitor.Wait(_sleep);
            }
        }
    }

    private void Wake()
    {
        lock (_sleep)
        {
            _elapsed = true;
            Monitor.PulseAll(_sleep);
        }
    }

    private void Stop()
    {
        _stopping = true;
        Interlocked.MemoryBarrier();
        if (Interlocked.CompareExchange(ref _started, 1, 0) == 0)
        {
            // Never started: there is no thread to do it.
            Volatile.Write(ref _closed, true);
            _handle.Dispose();
            Release();
            _state = MqttState.Closed;
            return;
        }
        if (EnterConnected())
        {
            _ = Mosquitto.Disconnect(_handle, 0, 0);
            _bell.Ring();
            Exit();
        }
        Wake();
    }

    private void Release()
    {
        _timer.Dispose();
        _bell.Dispose();
        _self.Free();
        lock (_subscriptionsLock)
        {
            for (int i = 0; i < _subscriptions.Count; i++)
            {
                _subscriptions[i].Complete();
            }
            _subscriptions.Clear();
        }
    }

    private void SetState(MqttState state, string reason, TimeSpan retryAfter)
    {
        _state = state;
        StateChanged?.Invoke(this, new MqttStateChangedEventArgs(state, reason, retryAfter));
    }
}
