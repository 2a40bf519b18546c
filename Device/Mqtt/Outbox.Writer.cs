using System.Text;
using Edge.Mqtt.Spool;

namespace Edge.Mqtt;

/// <content>The thread that owns the spool's file: writes what comes, deletes what is delivered, sends what waits.</content>
public sealed partial class Outbox
{
    private const int IdleMilliseconds = 1000;
    private const int BusyMilliseconds = 20;
    private const int AcknowledgedAtOnce = 64;

    /// <summary>Deleting what is delivered is no hurry: a crash meanwhile makes duplicates, which their numbers tell.</summary>
    private const int AcknowledgedPatience = 2000;
    private const long AgeCheckMilliseconds = 60_000;

    private readonly HashSet<long> _heldRows = [];
    private readonly Dictionary<int, MqttTopic> _topics = [];
    private OutboxQueue _writing = new(QueueCapacity);
    private List<long> _deleting = [];
    private long _cursor;
    private long _nextAgeCheck;
    private long _lastAllowance;
    private double _allowance;
    private string? _lastFailure;

    private SpoolStore Store => _store!;

    private void Run()
    {
        bool isLast = false;
        while (!isLast)
        {
            long flush;
            bool save;
            bool reset;
            lock (_gate)
            {
                while (!IsDue())
                {
                    Monitor.Wait(_gate, Pause());
                }
                (_filling, _writing) = (_writing, _filling);
                (_acknowledged, _deleting) = (_deleting, _acknowledged);
                (flush, reset, isLast) = (_flushAsked, _mustReset, _stopping);
                save = _mustSave || _mustReset || _stopping;
                _mustSave = false;
                Monitor.PulseAll(_gate);
            }
            Write(save);
            if (reset)
            {
                // What the last connection was given it has not delivered: all of it is sent again.
                _held.Clear();
                _heldRows.Clear();
                _cursor = 0;
            }
            lock (_gate)
            {
                if (reset)
                {
                    CountUnsent();
                    _mustReset = false;
                }
                (_waiting, _bytes, _flushDone) = (Store.Telemetry + Store.Events, Store.Bytes, flush);
                Monitor.PulseAll(_gate);
            }
            Replay();
        }
    }

    private bool IsDue()
    {
        long now = Environment.TickCount64;
        return _stopping || _mustSave || _mustReset || _flushAsked > _flushDone
            || _filling.Events > 0 || _filling.Count >= QueueCapacity / 2
            || (_filling.Count > 0 && now - _filling.Since >= _options!.CommitInterval.TotalMilliseconds)
            || _acknowledged.Count >= AcknowledgedAtOnce
            || (_acknowledged.Count > 0 && now - _acknowledgedSince >= AcknowledgedPatience)
            || (CanReplay() && Volatile.Read(ref _onTheirWay) <= Window / 2 && Allow() >= 1)
            || (Store.Telemetry > 0 && _options!.MaximumAge > TimeSpan.Zero && now >= _nextAgeCheck);
    }

    private bool CanReplay() => _unsent > _filling.Count && _client?.State == MqttState.Connected;

    private int Pause() => _filling.Count > 0 || CanReplay() ? BusyMilliseconds : _acknowledged.Count > 0 ? AcknowledgedPatience / 4 : IdleMilliseconds;

    /// <summary>Writes one transaction; where that fails what it was to hold is lost, counted and told.</summary>
    private void Write(bool save)
    {
        bool isAgeDue = _options!.MaximumAge > TimeSpan.Zero && Environment.TickCount64 >= _nextAgeCheck;
        if (_writing.Count == 0 && _deleting.Count == 0 && !isAgeDue && !(save && _held.Count > 0))
        {
            return;
        }
        long first = Store.LastId + 1;
        try
        {
            Store.Begin();
            foreach (long row in _deleting)
            {
                Store.Delete(row);
                _heldRows.Remove(row);
            }
            if (save)
            {
                _held.WriteDown(WriteHeld);
            }
            if (isAgeDue)
            {
                DropAged();
            }
            int lostTelemetry = 0;
            int lostEvents = 0;
            for (int i = 0; i < _writing.Count; i++)
            {
                bool isEvent = _writing.Stream(i).IsEvent;
                bool isKept = TryKeep(i);
                lostTelemetry += isKept || isEvent ? 0 : 1;
                lostEvents += isKept || !isEvent ? 0 : 1;
            }
            Store.Commit();
            Told(lostEvents);
            Settle(_writing.Count, lostTelemetry, lostEvents);
        }
        catch (MqttException e)
        {
            Store.Rollback();
            _held.Unwrite(first);
            _heldRows.RemoveWhere(row => row >= first);
            Settle(_writing.Count, _writing.Count - _writing.Events, _writing.Events);
            CountUnsent();
            if (_lastFailure != e.Message)
            {
                _lastFailure = e.Message;
                _tell($"{e.Message}: results and events are lost until it can be written");
            }
        }
        _writing.Clear();
        _deleting.Clear();
    }

    private bool TryKeep(int index)
    {
        OutboxStream stream = _writing.Stream(index);
        ReadOnlySpan<byte> payload = _writing.Payload(index);
        if (!MakeRoom(payload.Length))
        {
            return false;
        }
        Identify(stream);
        Store.Add(stream.Id, stream.IsEvent, Now(), payload);
        Store.SetNumber(stream.Id, _writing.Number(index));
        return true;
    }

    private void Told(int lostEvents)
    {
        if (lostEvents > 0 && _lastFailure is null)
        {
            _tell($"spool {_options!.Path}: events alone fill its {_options.MaximumBytes} bytes: further ones are refused until some are delivered");
        }
        _lastFailure = lostEvents > 0 ? "full" : null;
    }

    /// <summary>Counts what became of what was to be written.</summary>
    private void Settle(int all, int lostTelemetry, int lostEvents)
    {
        lock (_gate)
        {
            _stored += all - lostTelemetry - lostEvents;
            _unsent -= lostTelemetry + lostEvents;
            Interlocked.Add(ref _unsentTelemetry, -lostTelemetry);
            Interlocked.Add(ref _dropped, lostTelemetry);
            Interlocked.Add(ref _refusedEvents, lostEvents);
        }
    }

    /// <summary>Counts afresh what the file holds and no connection has.</summary>
    private void CountUnsent()
    {
        (long telemetry, long events) = Store.CountAfter(_cursor);
        int held = 0;
        foreach (long row in _heldRows)
        {
            held += row > _cursor ? 1 : 0;
        }
        lock (_gate)
        {
            _unsent = telemetry + events - held + _filling.Count;
            Interlocked.Exchange(ref _unsentTelemetry, telemetry - held + _filling.Count - _filling.Events);
        }
    }

    private long WriteHeld(OutboxStream stream, ReadOnlyMemory<byte> payload)
    {
        Identify(stream);
        long row = Store.Add(stream.Id, stream.IsEvent, Now(), payload.Span);
        _heldRows.Add(row);
        return row;
    }

    private void Identify(OutboxStream stream)
    {
        if (stream.Id == 0)
        {
            stream.Id = Store.Topic(Encoding.UTF8.GetBytes(stream.Topic.Name));
            _topics[stream.Id] = stream.Topic;
        }
    }

    /// <summary>Deletes the oldest telemetry until a message fits.</summary>
    /// <returns>False where events alone leave no room.</returns>
    private bool MakeRoom(int length)
    {
        while (!Store.HasRoom(length))
        {
            if (!Store.Fits(length) || !DropTelemetry(Store.Oldest()))
            {
                return false;
            }
        }
        return true;
    }

    private void DropAged()
    {
        _nextAgeCheck = Environment.TickCount64 + AgeCheckMilliseconds;
        long limit = Now() - (long)_options!.MaximumAge.TotalMilliseconds;
        while (DropTelemetry(Store.Aged(limit)))
        {
        }
    }

    private bool DropTelemetry(long row)
    {
        if (row == 0 || !Store.Delete(row))
        {
            return false;
        }
        bool isUnsent = row > _cursor && !_heldRows.Contains(row);
        lock (_gate)
        {
            Interlocked.Increment(ref _dropped);
            _unsent -= isUnsent ? 1 : 0;
            Interlocked.Add(ref _unsentTelemetry, isUnsent ? -1 : 0);
        }
        return true;
    }

    /// <summary>Sends what waits, as fast as it may go and the connection takes it.</summary>
    private void Replay()
    {
        while (Volatile.Read(ref _client) is { State: MqttState.Connected } client && Volatile.Read(ref _onTheirWay) < Window && Allow() >= 1
            && Store.TryRead(_cursor, out long row, out int topic, out bool isEvent, out ReadOnlySpan<byte> payload))
        {
            bool isHeld = _heldRows.Contains(row);
            bool isTaken = isHeld || Hand(client, row, Topic(topic), isEvent, payload);
            Store.EndRead();
            if (!isTaken)
            {
                return;
            }
            _cursor = row;
        }
        Store.EndRead();
    }

    /// <summary>Hands a message to the connection.</summary>
    /// <returns>False where the connection takes none at the moment.</returns>
    private bool Hand(MqttClient client, long row, MqttTopic topic, bool isEvent, ReadOnlySpan<byte> payload)
    {
        Interlocked.Increment(ref _onTheirWay);
        MqttPublishResult result = client.TryPublishTagged(topic, payload, MqttQos.AtLeastOnce, retain: false, row);
        if (result is MqttPublishResult.NotConnected or MqttPublishResult.QueueFull)
        {
            Interlocked.Decrement(ref _onTheirWay);
            return false;
        }
        lock (_gate)
        {
            _unsent--;
            Interlocked.Add(ref _unsentTelemetry, isEvent ? 0 : -1);
            _allowance--;
            _replayed++;
            if (result != MqttPublishResult.Queued)
            {
                // Larger than the broker takes: it would wait for ever.
                Interlocked.Decrement(ref _onTheirWay);
                _acknowledged.Add(row);
                Interlocked.Increment(ref _dropped);
            }
        }
        return true;
    }

    /// <summary>How many messages may be sent at this moment: as many as the rate allows, a tenth of a second's at once.</summary>
    private double Allow()
    {
        if (_options!.ReplayPerSecond == 0)
        {
            return double.PositiveInfinity;
        }
        long now = Environment.TickCount64;
        double gained = (now - _lastAllowance) * _options.ReplayPerSecond / 1000.0;
        (_allowance, _lastAllowance) = (Math.Min(_allowance + gained, Math.Max(1, _options.ReplayPerSecond / 10.0)), now);
        return _allowance;
    }

    private MqttTopic Topic(int id)
    {
        if (!_topics.TryGetValue(id, out MqttTopic? topic))
        {
            // An open read of a message is not disturbed: the name is another statement's.
            _topics.Add(id, topic = new MqttTopic(Store.TopicName(id)));
        }
        return topic;
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
