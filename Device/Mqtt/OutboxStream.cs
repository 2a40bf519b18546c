using System.Text;

namespace Edge.Mqtt;

/// <summary>
/// The messages of one topic, each JSON object with a field more at its end:
/// <c>"delivery":{"boot":"…","number":n}</c>. The numbers of a boot have no gaps, so a consumer knows what is missing and what came
/// twice. One thread at a time; after warm-up without allocations.
/// </summary>
public sealed class OutboxStream
{
    private readonly Outbox _outbox;
    private readonly byte[] _prefix;
    private byte[] _message = new byte[1024];

    internal OutboxStream(Outbox outbox, MqttTopic topic, bool isEvent, long number)
    {
        (_outbox, Topic, IsEvent, Number) = (outbox, topic, isEvent, number);
        _prefix = Encoding.UTF8.GetBytes($"\"delivery\":{{\"boot\":\"{outbox.Boot}\",\"number\":");
    }

    /// <summary>The topic.</summary>
    public MqttTopic Topic { get; }

    /// <summary>Whether messages are on the disk before they are sent, and never make room for others.</summary>
    public bool IsEvent { get; }

    /// <summary>The number of the last message.</summary>
    public long Number { get; internal set; }

    /// <summary>The topic's id in the spool; 0 before it is known.</summary>
    internal int Id { get; set; }

    /// <summary>Numbers a message and sends it, or keeps it until it can be sent.</summary>
    /// <param name="json">One JSON object, without spaces behind it.</param>
    /// <returns>False if it was dropped.</returns>
    /// <exception cref="ArgumentException">This is no JSON object.</exception>
    public bool Publish(ReadOnlySpan<byte> json)
    {
        if (json.Length < 2 || json[^1] != '}')
        {
            throw new ArgumentException("one JSON object is needed", nameof(json));
        }
        return _outbox.Publish(this, WithNumber(json));
    }

    private ReadOnlySpan<byte> WithNumber(ReadOnlySpan<byte> json)
    {
        const int Digits = 20;
        int needed = json.Length + _prefix.Length + Digits + 4;
        if (_message.Length < needed)
        {
            _message = new byte[needed * 2];
        }
        int at = json.Length - 1;
        json[..at].CopyTo(_message);
        if (json.Length > 2)
        {
            _message[at++] = (byte)',';
        }
        _prefix.CopyTo(_message.AsSpan(at));
        at += _prefix.Length;
        Number++;
        _ = System.Buffers.Text.Utf8Formatter.TryFormat(Number, _message.AsSpan(at), out int digits);
        at += digits;
        _message[at++] = (byte)'}';
        _message[at++] = (byte)'}';
        return _message.AsSpan(0, at);
    }
}
