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
