using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Edge.Mqtt.Native;

namespace Edge.Mqtt;

/// <content>What the library calls, always on the client's thread, inside <c>mosquitto_loop</c>.</content>
public sealed unsafe partial class MqttClient
{
    private const int NoReason = -1;

    private int _greeting = NoReason;
    private int _goodbye = NoReason;

    private static MqttClient From(nint userData) => (MqttClient)GCHandle.FromIntPtr(userData).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleConnect(nint handle, nint userData, int reason, int flags, nint properties) =>
        From(userData)._greeting = reason;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleDisconnect(nint handle, nint userData, int reason, nint properties)
    {
        // The broker's own reason comes first; the library then reports the closed connection as well.
        MqttClient client = From(userData);
        if (client._goodbye < MosquittoStatus.FirstRefusal)
        {
            client._goodbye = reason;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandlePublish(nint handle, nint userData, int messageId, int reason, nint properties)
    {
        MqttClient client = From(userData);
        Interlocked.Increment(ref reason < MosquittoStatus.FirstRefusal ? ref client._acknowledged : ref client._lost);
        if (reason >= MosquittoStatus.FirstRefusal)
        {
            client.PublishRefused?.Invoke(MosquittoStatus.DescribeReason(reason));
        }
        client._inFlight.Acknowledged(messageId);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleSubscribe(nint handle, nint userData, int messageId, int count, int* granted, nint properties)
    {
        MqttClient client = From(userData);
        lock (client._subscriptionsLock)
        {
            for (int i = 0; i < client._subscriptions.Count; i++)
            {
                if (client._subscriptions[i].MessageId == messageId && count > 0)
                {
                    client._subscriptions[i].Answer(granted[0]);
                }
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void HandleMessage(nint handle, nint userData, MosquittoMessage* message, nint properties)
    {
        MqttClient client = From(userData);
        if (message->PayloadLength > client._options.MaximumReceivedBytes)
        {
            client.CountReceivedDropped();
            return;
        }
        MqttMessage? copy = null;
        lock (client._subscriptionsLock)
        {
            for (int i = 0; i < client._subscriptions.Count; i++)
            {
                MqttSubscription subscription = client._subscriptions[i];
                byte matches = 0;
                fixed (byte* filter = subscription.Matching)
                {
                    _ = Mosquitto.TopicMatches(filter, message->Topic, &matches);
                }
                if (matches != 0)
                {
                    copy ??= Copy(message, properties);
                    subscription.Deliver(copy);
                }
            }
        }
        if (copy is not null)
        {
            Interlocked.Increment(ref client._received);
        }
    }

    private static MqttMessage Copy(MosquittoMessage* message, nint properties) => new(
        Marshal.PtrToStringUTF8((nint)message->Topic) ?? "",
        new ReadOnlySpan<byte>(message->Payload, message->PayloadLength).ToArray(),
        (MqttQos)message->Qos,
        message->Retain != 0)
    {
        ContentType = MessageProperties.ContentType(properties),
        Expiry = MessageProperties.Expiry(properties),
        UserProperties = MessageProperties.User(properties),
    };
}
