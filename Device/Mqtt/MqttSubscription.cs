using System.Threading.Channels;

namespace Edge.Mqtt;

/// <summary>A topic filter and the queue of messages that match it. Renewed by itself after every reconnect.</summary>
public sealed class MqttSubscription : IDisposable
{
    private readonly MqttClient _client;
    private readonly Channel<MqttMessage> _channel;
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isForOne;
    private long _dropped;

    internal MqttSubscription(MqttClient client, string filter, MqttQos qos, int capacity, bool isForOne)
    {
        (_client, _isForOne) = (client, isForOne);
        Filter = filter;
        Qos = qos;
        Terminated = MqttTopic.Terminate(filter);
        // A shared subscription ($share/GROUP/FILTER) gets messages under their own topics.
        Matching = filter.StartsWith("$share/", StringComparison.Ordinal) && filter.Split('/', 3) is [_, _, { Length: > 0 } own] ? MqttTopic.Terminate(own) : Terminated;
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true };
        _channel = Channel.CreateBounded<MqttMessage>(options, CountDropped);
    }

    /// <summary>The topic filter.</summary>
    public string Filter { get; }

    /// <summary>The highest QoS at which messages are delivered.</summary>
    public MqttQos Qos { get; }

    /// <summary>The messages, oldest first. When the queue is full the oldest makes room. Completed when the client closes.</summary>
    public ChannelReader<MqttMessage> Messages => _channel.Reader;

    /// <summary>How many messages were dropped because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Done once the broker has confirmed the subscription for the first time; fails with <see cref="MqttException"/>
    /// if the broker refuses it, and is cancelled if the client closes before.
    /// </summary>
    public Task Acknowledged => _acknowledged.Task;

    /// <summary>Whether it has what it was made for, and is not renewed after a reconnect. Under the client's lock of subscriptions.</summary>
    internal bool IsResting { get; set; }

    /// <summary>Whether a renewal was left out. Under the same lock.</summary>
    internal bool IsMissed { get; set; }

    internal byte[] Terminated { get; }

    /// <summary>What topics of messages are compared with.</summary>
    internal byte[] Matching { get; }

    internal int MessageId { get; set; }

    /// <summary>The message was not the one: a subscription for one message waits for the next.</summary>
    public void WaitForAnother() => _client.Resume(this);

    /// <summary>Ends the subscription.</summary>
    public void Dispose() => _client.Unsubscribe(this);

    internal void Deliver(MqttMessage message)
    {
        IsResting |= _isForOne;
        _channel.Writer.TryWrite(message);
    }

    internal void Answer(int reason)
    {
        if (reason < Native.MosquittoStatus.FirstRefusal)
        {
            _acknowledged.TrySetResult();
        }
        else
        {
            _acknowledged.TrySetException(new MqttException(
                $"the broker refuses the subscription \"{Filter}\": {Native.MosquittoStatus.DescribeReason(reason)}: check the user's rights"));
        }
    }

    internal void Complete()
    {
        _channel.Writer.TryComplete();
        _acknowledged.TrySetCanceled();
    }

    private void CountDropped(MqttMessage message)
    {
        Interlocked.Increment(ref _dropped);
        _client.CountReceivedDropped();
    }
}
