using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Agent.Fetching;

/// <summary>
/// Fetches blobs by subscribing to their topics, a window of bytes at a time. A blob that the broker does not have yet stays
/// subscribed: it comes when somebody publishes it. Every byte that arrives is counted. One thread at a time.
/// </summary>
internal sealed class BlobFetcher : IDisposable
{
    /// <summary>A blob that has not come for so long is told of.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly MqttClient _client;
    private readonly AgentOptions _options;
    private readonly TokenBucket _bucket;
    private readonly Queue<BlobReference> _wanted = new();
    private readonly List<Request> _requests = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private long _windowBytes;

    internal BlobFetcher(MqttClient client, AgentOptions options)
    {
        (_client, _options) = (client, options);
        _bucket = new TokenBucket(options.BytesPerSecond, options.TimeProvider);
    }

    internal MqttClient Client => _client;

    /// <summary>Bytes of payloads that arrived, good or not.</summary>
    internal long BytesReceived { get; private set; }

    /// <summary>What stands in the way; null where nothing does.</summary>
    internal string? Trouble { get; private set; }

    /// <summary>How fast blobs come.</summary>
    internal SpeedMeter Speed => field ??= new SpeedMeter(_options.TimeProvider);

    /// <summary>Asks for a blob, once.</summary>
    internal void Want(BlobReference blob)
    {
        if (_known.Add(blob.Sha256))
        {
            _wanted.Enqueue(blob);
        }
    }

    /// <summary>Waits a moment and hands over what has come.</summary>
    /// <param name="take">Gets each blob, its hash checked.</param>
    /// <param name="patience">The longest wait for the first.</param>
    /// <param name="stop">Ends the wait.</param>
    internal void Pump(Action<BlobReference, ReadOnlyMemory<byte>> take, TimeSpan patience, CancellationToken stop)
    {
        Fill();
        if (_requests.Count > 0)
        {
            var arrivals = new Task[_requests.Count];
            for (int i = 0; i < arrivals.Length; i++)
            {
                arrivals[i] = _requests[i].Arrival;
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
        else
        {
            stop.WaitHandle.WaitOne(patience);
        }
        bool came = false;
        for (int i = _requests.Count - 1; i >= 0; i--)
        {
            if (_requests[i].Subscription.Messages.TryRead(out MqttMessage? message))
            {
                came = true;
                Receive(i, message, take);
            }
        }
        if (!came && _client.State == MqttState.Closed)
        {
            // The subscriptions of a closed client are all through at once: whoever waits for them would not wait.
            stop.WaitHandle.WaitOne(patience);
        }
        Fill();
        Trouble = Obstacle();
    }

    public void Dispose()
    {
        foreach (Request request in _requests)
        {
            request.Subscription.Dispose();
        }
        _requests.Clear();
    }

    private void Fill()
    {
        while (_wanted.TryPeek(out BlobReference? blob)
            && (_requests.Count == 0 || _windowBytes + blob.Length <= _options.WindowBytes)
            && _bucket.TryTake(blob.Length))
        {
            _wanted.Dequeue();
            Ask(blob);
        }
    }

    private void Ask(BlobReference blob)
    {
        MqttSubscription subscription = _client.Subscribe(Topics.Blob(_options.Root, blob.Sha256), MqttQos.AtLeastOnce, capacity: 1, isForOne: true);
        _requests.Add(new Request(blob, subscription, _options.TimeProvider.GetTimestamp()));
        _windowBytes += blob.Length;
    }

    private void Receive(int index, MqttMessage message, Action<BlobReference, ReadOnlyMemory<byte>> take)
    {
        Request request = _requests[index];
        BytesReceived += message.Payload.Length;
        Speed.Add(message.Payload.Length);
        if (message.Payload.Length != request.Blob.Length || !PackageAssembly.Is(message.Payload.Span, request.Blob.Sha256))
        {
            // The subscription stays: whoever mends the blob publishes it, and it comes by itself.
            request.Rearm();
            return;
        }
        _requests.RemoveAt(index);
        _windowBytes -= request.Blob.Length;
        request.Subscription.Dispose();
        take(request.Blob, message.Payload);
    }

    private string? Obstacle()
    {
        if (_client.State != MqttState.Connected)
        {
            return "the broker is out of reach";
        }
        foreach (Request request in _requests)
        {
            if (request.IsDamaged)
            {
                return $"the blob {request.Blob.Sha256[..12]}… on the broker is not what its name says: publish the package again";
            }
        }
        foreach (Request request in _requests)
        {
            if (_options.TimeProvider.GetElapsedTime(request.Asked) > Patience)
            {
                return $"the blob {request.Blob.Sha256[..12]}… is not on the broker: publish the package again";
            }
        }
        return null;
    }

    private sealed class Request(BlobReference blob, MqttSubscription subscription, long asked)
    {
        internal BlobReference Blob { get; } = blob;

        internal MqttSubscription Subscription { get; } = subscription;

        internal long Asked { get; } = asked;

        internal Task Arrival { get; private set; } = subscription.Messages.WaitToReadAsync().AsTask();

        /// <summary>Whether what came under the blob's name was something else.</summary>
        internal bool IsDamaged { get; private set; }

        /// <summary>Waits for a better one.</summary>
        internal void Rearm()
        {
            IsDamaged = true;
            Subscription.WaitForAnother();
            Arrival = Subscription.Messages.WaitToReadAsync().AsTask();
        }
    }
}
