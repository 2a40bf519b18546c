using Edge.Fleet.Protocol;
using Edge.Fleet.Store;
using Edge.Mqtt;

namespace Edge.Fleet.Service;

/// <summary>
/// What devices say, as it comes from the broker. Several servers share reports and health among them; who is connected, and what
/// was said while nobody listened, the one that leads reads alone. One thread at a time.
/// </summary>
internal sealed class DeviceMessages
{
    /// <summary>Messages that may wait: retained ones of a whole fleet come at once.</summary>
    private const int QueueLength = 1 << 17;

    private static readonly TimeSpan FencePatience = TimeSpan.FromSeconds(10);

    private readonly MqttClient _client;
    private readonly string _root;
    private readonly bool _isShared;
    private readonly TimeProvider _clock;
    private readonly List<(DeviceMessageKind Kind, MqttSubscription Messages)> _subscriptions = [];
    private MqttSubscription? _status;
    private MqttSubscription? _retained;
    private MqttSubscription? _fence;
    private long? _fenceSent;

    internal DeviceMessages(MqttClient client, string root, bool isShared, TimeProvider clock)
    {
        (_client, _root, _isShared, _clock) = (client, root, isShared, clock);
        string share = isShared ? "$share/fleet/" : "";
        Subscribe(DeviceMessageKind.Reported, $"{share}{root}/+/update/reported");
        if (!isShared)
        {
            Subscribe(DeviceMessageKind.Status, $"{root}/+/status");
        }
        Subscribe(DeviceMessageKind.Health, $"{share}{root}/+/health");
    }

    /// <summary>This server leads.</summary>
    internal void Lead()
    {
        if (_isShared)
        {
            _status = Subscribe(DeviceMessageKind.Status, $"{_root}/+/status");
            ReadRetained();
        }
    }

    /// <summary>This server does not lead any more.</summary>
    internal void Follow()
    {
        End(ref _status);
        EndRetained();
    }

    /// <summary>
    /// Reads the reports that the broker keeps, once: shared subscriptions bring none, and what a server that died had taken is
    /// lost. Messages come in order, so one of this server's own that is published after the subscription ends them.
    /// </summary>
    internal void ReadRetained()
    {
        if (_isShared)
        {
            EndRetained();
            _retained = Subscribe(DeviceMessageKind.Reported, $"{_root}/+/update/reported");
            _fence = _client.Subscribe($"{_root}/{Topics.Blobs}/fence-{Guid.NewGuid():N}", MqttQos.AtLeastOnce, 1);
        }
    }

    /// <summary>Hands over what has come.</summary>
    /// <param name="take">Gets each message.</param>
    /// <param name="limit">The most messages.</param>
    /// <returns>How many there were.</returns>
    internal int Read(Action<DeviceMessage> take, int limit)
    {
        // Before the rest: what stands before the fence is there once the fence is.
        bool isOver = _fence?.Messages.TryRead(out _) == true;
        int count = 0;
        foreach ((DeviceMessageKind kind, MqttSubscription subscription) in _subscriptions)
        {
            while ((count < limit || (isOver && subscription == _retained)) && subscription.Messages.TryRead(out MqttMessage? message))
            {
                count++;
                if (message.Payload.Length > 0)
                {
                    string[] levels = message.Topic.Split('/');
                    take(new DeviceMessage(kind, levels.Length > 1 ? levels[1] : "", message.Payload));
                }
            }
        }
        if (isOver)
        {
            EndRetained();
        }
        else if (_fence is not null)
        {
            SendFence();
        }
        return count;
    }

    /// <summary>Waits for messages.</summary>
    internal void Wait(TimeSpan patience, CancellationToken stop)
    {
        var arrivals = new Task[_subscriptions.Count];
        for (int i = 0; i < arrivals.Length; i++)
        {
            arrivals[i] = _subscriptions[i].Messages.Messages.WaitToReadAsync(stop).AsTask();
        }
        try
        {
            Task.WaitAny(arrivals, (int)patience.TotalMilliseconds, stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private MqttSubscription Subscribe(DeviceMessageKind kind, string filter)
    {
        MqttSubscription subscription = _client.Subscribe(filter, MqttQos.AtLeastOnce, QueueLength);
        _subscriptions.Add((kind, subscription));
        return subscription;
    }

    private void SendFence()
    {
        bool isDue = _fenceSent is not { } sent || _clock.GetElapsedTime(sent) > FencePatience;
        if (isDue && _retained!.Acknowledged.IsCompletedSuccessfully && _fence!.Acknowledged.IsCompletedSuccessfully
            && _client.TryPublish(new MqttTopic(_fence.Filter), "."u8) == MqttPublishResult.Queued)
        {
            _fenceSent = _clock.GetTimestamp();
        }
    }

    private void EndRetained()
    {
        End(ref _retained);
        _fence?.Dispose();
        (_fence, _fenceSent) = (null, null);
    }

    private void End(ref MqttSubscription? subscription)
    {
        if (subscription is { } ended)
        {
            _subscriptions.RemoveAll(item => item.Messages == ended);
            ended.Dispose();
            subscription = null;
        }
    }
}
