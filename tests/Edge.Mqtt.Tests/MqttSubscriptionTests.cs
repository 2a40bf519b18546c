using System.Text;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class MqttSubscriptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Subscribe_MosquittoPubPublishes_MessageArrives(int qos)
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        using MqttSubscription subscription = client.Client.Subscribe("test/+/set", MqttQos.ExactlyOnce);
        await subscription.Acknowledged;
        broker.Publish("-t", "test/camera/set", "-q", $"{qos}", "-m", "enable");
        MqttMessage message = await subscription.Messages.ReadAsync(Cancellation);
        Assert.Equal("test/camera/set", message.Topic);
        Assert.Equal("enable", Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal((MqttQos)qos, message.Qos);
        Assert.False(message.IsRetained);
    }

    [Fact]
    public async Task Subscribe_BeforeStartWithRetainedMessage_ReceivesItAsRetained()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        broker.Publish("-t", "test/desired", "-r", "-m", "7");
        using var client = new TestClient(broker.Port);
        using MqttSubscription subscription = client.Client.Subscribe("test/desired");
        client.Client.Start();
        MqttMessage message = await subscription.Messages.ReadAsync(Cancellation);
        Assert.True(message.IsRetained);
        Assert.Equal("7"u8.ToArray(), message.Payload.ToArray());
    }

    [Fact]
    public async Task Subscribe_BrokerRestarts_IsRenewed()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        using MqttSubscription subscription = client.Client.Subscribe("test/#");
        await subscription.Acknowledged;
        broker.Kill();
        broker.Start();
        broker.WaitForLog("Sending SUBACK", times: 2);
        broker.Publish("-t", "test/again", "-m", "x");
        Assert.Equal("test/again", (await subscription.Messages.ReadAsync(Cancellation)).Topic);
    }

    [Fact]
    public async Task Subscribe_Shared_EachMessageComesToOneOfThem()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient first = TestClient.Connect(broker);
        using TestClient second = TestClient.Connect(broker);
        using MqttSubscription one = first.Client.Subscribe("$share/group/test/+/set");
        using MqttSubscription other = second.Client.Subscribe("$share/group/test/+/set");
        await Task.WhenAll(one.Acknowledged, other.Acknowledged);
        for (int i = 0; i < 4; i++)
        {
            broker.Publish("-t", $"test/{i}/set", "-q", "1", "-m", "x");
        }
        var topics = new List<string>();
        Wait.Until(() =>
        {
            foreach (MqttSubscription subscription in (MqttSubscription[])[one, other])
            {
                while (subscription.Messages.TryRead(out MqttMessage? message))
                {
                    topics.Add(message.Topic);
                }
            }
            return topics.Count >= 4;
        }, "four messages");
        Assert.Equal(["test/0/set", "test/1/set", "test/2/set", "test/3/set"], topics.Order());
    }

    [Fact]
    public async Task Subscribe_ForOneMessage_IsRenewedOnlyWhereItWaitsForAnother()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        broker.Publish("-t", "test/one", "-r", "-m", "x");
        using TestClient client = TestClient.Connect(broker);
        using MqttSubscription one = client.Client.Subscribe("test/one", isForOne: true);
        await one.Messages.ReadAsync(Cancellation);
        using MqttSubscription fence = client.Client.Subscribe("test/fence");
        await fence.Acknowledged;
        broker.Kill();
        broker.Start();
        // Only the fence is subscribed to again.
        broker.WaitForLog("test/fence (QoS", times: 2);
        broker.Publish("-t", "test/one", "-r", "-m", "y");
        broker.Publish("-t", "test/fence", "-m", "x");
        await fence.Messages.ReadAsync(Cancellation);
        Assert.False(one.Messages.TryRead(out _));
        one.WaitForAnother();
        Assert.Equal("y"u8.ToArray(), (await one.Messages.ReadAsync(Cancellation)).Payload.ToArray());
    }

    [Fact]
    public async Task Subscribe_MessageWithALifetime_SaysWhatIsLeftOfIt()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        broker.Publish("-t", "test/short", "-r", "-m", "x", "-V", "5", "-D", "publish", "message-expiry-interval", "1000");
        using TestClient client = TestClient.Connect(broker);
        using MqttSubscription subscription = client.Client.Subscribe("test/short");
        Assert.InRange((await subscription.Messages.ReadAsync(Cancellation)).Expiry.TotalSeconds, 900, 1000);
    }

    [Fact]
    public async Task Subscribe_OversizeMessage_IsKeptBackAndSmallOnesArrive()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker, o => o with { MaximumReceivedBytes = 2000 });
        using MqttSubscription subscription = client.Client.Subscribe("test/#");
        await subscription.Acknowledged;
        File.WriteAllBytes(broker.Folder["big"], new byte[100_000]);
        broker.Publish("-t", "test/big", "-q", "1", "-f", broker.Folder["big"]);
        broker.Publish("-t", "test/small", "-q", "1", "-m", "x");
        Assert.Equal("test/small", (await subscription.Messages.ReadAsync(Cancellation)).Topic);
        Assert.Equal(MqttState.Connected, client.Client.State);
    }

    [Fact]
    public async Task Subscribe_ReaderTooSlow_OldestMakeRoomAndAreCounted()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        using MqttSubscription subscription = client.Client.Subscribe("test/#", MqttQos.AtLeastOnce, capacity: 2);
        await subscription.Acknowledged;
        for (int i = 0; i < 5; i++)
        {
            broker.Publish("-t", $"test/{i}", "-q", "1", "-m", "x");
        }
        Wait.Until(() => client.Client.Counters.Received == 5, "five messages");
        Assert.Equal(3, subscription.Dropped);
        Assert.Equal(3, client.Client.Counters.ReceivedDropped);
        Assert.Equal("test/3", (await subscription.Messages.ReadAsync(Cancellation)).Topic);
    }

    [Fact]
    public async Task Dispose_OfASubscription_EndsIt()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        MqttSubscription subscription = client.Client.Subscribe("test/#");
        await subscription.Acknowledged;
        subscription.Dispose();
        broker.WaitForLog("Sending UNSUBACK");
        await subscription.Messages.Completion;
    }

    [Fact]
    public async Task Dispose_OfTheClient_CompletesItsSubscriptions()
    {
        var client = new TestClient(1);
        MqttSubscription subscription = client.Client.Subscribe("test/#");
        await client.Client.DisposeAsync();
        await subscription.Messages.Completion;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subscription.Acknowledged);
    }

    [Theory]
    [InlineData("test/#/more")]
    [InlineData("test/a+")]
    [InlineData("")]
    public void Subscribe_MalformedFilter_Throws(string filter)
    {
        using var client = new TestClient(1);
        Assert.Throws<MqttException>(() => client.Client.Subscribe(filter));
    }
}
