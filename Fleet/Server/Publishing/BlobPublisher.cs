using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Fleet.Publishing;

/// <summary>Puts blobs on a broker and takes them away again, as retained messages. One caller at a time.</summary>
/// <param name="client">A client that is started.</param>
/// <param name="root">The installation's root.</param>
/// <param name="lifetime">How long the broker keeps a blob; publishing it again once half of that has passed begins anew. Zero keeps it for ever.</param>
public sealed class BlobPublisher(MqttClient client, string root, TimeSpan lifetime = default)
{
    /// <summary>Blobs that are asked for together: below the number of messages that brokers queue for one client.</summary>
    private const int BlobsAtATime = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Publishes the blobs that the broker does not have, or not for long enough, and reads them back.</summary>
    /// <param name="blobs">The blobs by hash.</param>
    /// <param name="progress">Gets the number of blobs that are done; null for nobody.</param>
    /// <param name="cancellation">Ends the work between blobs.</param>
    /// <exception cref="FleetException">The broker does not answer, refuses, or gives back something else.</exception>
    public async Task<PublishReport> PublishAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> blobs, Action<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        int published = 0;
        long publishedBytes = 0;
        int done = 0;
        foreach (string[] hashes in blobs.Keys.Order(StringComparer.Ordinal).Chunk(BlobsAtATime))
        {
            HashSet<string> there = await LookAsync(hashes, cancellation).ConfigureAwait(false);
            string[] missing = [.. hashes.Where(hash => !there.Contains(hash))];
            foreach (string hash in missing)
            {
                Send(Topics.Blob(root, hash), blobs[hash]);
                publishedBytes += blobs[hash].Length;
            }
            if (missing.Length > 0)
            {
                if (!client.WaitForAcknowledgements(Patience))
                {
                    throw new FleetException("the broker does not acknowledge blobs: check that it is up and that this user may publish them");
                }
                HashSet<string> back = await LookAsync(missing, cancellation).ConfigureAwait(false);
                if (missing.FirstOrDefault(hash => !back.Contains(hash)) is { } lost)
                {
                    throw new FleetException($"the broker does not keep the blob {lost[..12]}…: check that this user may publish to {root}/{Topics.Blobs} and that the broker keeps retained messages of 64 KiB");
                }
                published += missing.Length;
            }
            progress?.Invoke(done += hashes.Length);
        }
        return new PublishReport(blobs.Count, blobs.Values.Sum(blob => (long)blob.Length), published, publishedBytes);
    }

    /// <summary>Takes blobs off the broker.</summary>
    /// <param name="hashes">Their hashes.</param>
    /// <exception cref="FleetException">The broker does not answer.</exception>
    public void Remove(IEnumerable<string> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (!SpinWait.SpinUntil(() => client.State == MqttState.Connected, Patience))
        {
            throw new FleetException("the broker does not answer: check its address and that this user may read and write blobs");
        }
        foreach (string hash in hashes)
        {
            // An empty retained message takes the one before it away.
            Send(Topics.Blob(root, hash), default);
        }
        if (!client.WaitForAcknowledgements(Patience))
        {
            throw new FleetException("the broker does not acknowledge: check that it is up");
        }
    }

    /// <summary>Which blobs the broker has, whole and for a while.</summary>
    private async Task<HashSet<string>> LookAsync(string[] hashes, CancellationToken cancellation)
    {
        // What the broker sends for the subscriptions stands before the answer to a message that is sent after them.
        string fence = $"{root}/{Topics.Blobs}/fence-{Guid.NewGuid():N}";
        using MqttSubscription answer = client.Subscribe(fence, MqttQos.AtLeastOnce, 1);
        var subscriptions = hashes.Select(hash => client.Subscribe(Topics.Blob(root, hash), MqttQos.AtLeastOnce, 1)).ToList();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            foreach (MqttSubscription subscription in subscriptions.Prepend(answer))
            {
                await subscription.Acknowledged.WaitAsync(limit.Token).ConfigureAwait(false);
            }
            Send(fence, "."u8.ToArray(), retain: false);
            await answer.Messages.ReadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FleetException("the broker does not answer: check its address and that this user may read and write blobs");
        }
        finally
        {
            subscriptions.ForEach(subscription => subscription.Dispose());
        }
        var there = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < hashes.Length; i++)
        {
            if (subscriptions[i].Messages.TryRead(out MqttMessage? message) && PackageAssembly.Is(message.Payload.Span, hashes[i]) && Lasts(message.Expiry))
            {
                there.Add(hashes[i]);
            }
        }
        return there;
    }

    private bool Lasts(TimeSpan left) => lifetime == TimeSpan.Zero ? left == TimeSpan.Zero : left == TimeSpan.Zero || left > lifetime / 2;

    private void Send(string topic, ReadOnlyMemory<byte> payload, bool retain = true)
    {
        if (!client.WaitForRoom(Patience))
        {
            throw new FleetException("a blob was not published: check that the broker is up");
        }
        MqttPublishResult result = client.PublishAhead(new MqttPublication { Topic = new MqttTopic(topic), Payload = payload, Retain = retain, Expiry = retain ? lifetime : TimeSpan.Zero });
        if (result != MqttPublishResult.Queued)
        {
            throw new FleetException($"a blob was not published ({result}): check that the broker is up and takes messages of 64 KiB");
        }
    }
}
