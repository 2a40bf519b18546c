using System.Diagnostics;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class MqttClientPublishTests
{
    private static readonly MqttTopic Topic = new("test/topic");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public void TryPublish_EveryQos_MosquittoSubReceivesIt(MqttQos qos)
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using Process subscriber = broker.StartSubscriber("-t", "test/#", "-q", "2", "-C", "3", "-F", "%t %q %p");
        broker.WaitForLog("Sending SUBACK");
        using TestClient client = TestClient.Connect(broker);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(MqttPublishResult.Queued, client.Client.TryPublish(Topic, TestClient.Utf8($"message {i}"), qos));
        }
        string output = subscriber.StandardOutput.ReadToEnd();
        Assert.Equal($"test/topic {(int)qos} message 0\ntest/topic {(int)qos} message 1\ntest/topic {(int)qos} message 2\n", output);
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
        Assert.Equal(new MqttCounters(3, 3, 0, 0, 0, 0, 1), client.Client.Counters);
    }

    [Fact]
    public void TryPublish_Retained_ALaterSubscriberReceivesIt()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        client.Client.TryPublish(Topic, "kept"u8, MqttQos.AtLeastOnce, retain: true);
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
        Assert.Equal(["1 kept"], broker.Subscribe("-t", "test/topic", "-C", "1", "-F", "%r %p"));
    }

    [Fact]
    public void TryPublish_EmptyAndBinaryPayloads_ArriveByteForByte()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using Process subscriber = broker.StartSubscriber("-t", "test/#", "-C", "2", "-F", "%l:%x");
        broker.WaitForLog("Sending SUBACK");
        using TestClient client = TestClient.Connect(broker);
        client.Client.TryPublish(Topic, default);
        client.Client.TryPublish(Topic, [0, 1, 0xFF, 0]);
        Assert.Equal("0:\n4:0001ff00\n", subscriber.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void TryPublish_NotStarted_SaysNotConnected()
    {
        using var client = new TestClient(1);
        Assert.Equal(MqttPublishResult.NotConnected, client.Client.TryPublish(Topic, "x"u8));
        Assert.Equal(1, client.Client.Counters.Refused);
    }

    [Fact]
    public void TryPublish_AfterDispose_SaysNotConnected()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        TestClient client = TestClient.Connect(broker);
        client.Dispose();
        Assert.Equal(MqttState.Closed, client.Client.State);
        Assert.Equal(MqttPublishResult.NotConnected, client.Client.TryPublish(Topic, "x"u8));
        client.Dispose();
    }

    [Fact]
    public void TryPublish_LargerThanTheBrokerAllows_SaysTooLarge()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew("allow_anonymous true\nmax_packet_size 1000");
        using TestClient client = TestClient.Connect(broker);
        Assert.Equal(MqttPublishResult.TooLarge, client.Client.TryPublish(Topic, new byte[5000], MqttQos.AtMostOnce));
        Assert.Equal(0, client.Client.InFlightCount);
        Assert.Equal(MqttPublishResult.Queued, client.Client.TryPublish(Topic, new byte[500]));
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
    }

    [Fact]
    public void TryPublish_FrozenBroker_IsBoundedByTheWindowAndDeliversEverythingAfterwards()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using Process subscriber = broker.StartSubscriber("-t", "test/#", "-q", "1", "-C", "41", "-F", "%p");
        broker.WaitForLog("Sending SUBACK");
        using TestClient client = TestClient.Connect(broker, o => o with { InFlightLimit = 40 });
        broker.Freeze();
        int accepted = 0;
        while (client.Client.TryPublish(Topic, TestClient.Utf8($"{accepted}")) == MqttPublishResult.Queued)
        {
            accepted++;
        }
        Assert.Equal(40, accepted);
        Assert.Equal(MqttPublishResult.QueueFull, client.Client.TryPublish(Topic, "x"u8));
        Assert.False(client.Client.WaitForRoom(TimeSpan.FromMilliseconds(20)));
        broker.Thaw();
        Assert.True(client.Client.WaitForRoom(Patience));
        Assert.Equal(MqttPublishResult.Queued, client.Client.TryPublish(Topic, "40"u8));
        Assert.Equal(Enumerable.Range(0, 41).Select(i => $"{i}"), subscriber.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void TryPublish_BrokerRefusesTheTopic_CountsItAsLost()
    {
        using var broker = new MosquittoBroker("allow_anonymous true\nacl_file {folder}/acl");
        File.WriteAllText(broker.Folder["acl"], "topic readwrite allowed/#\n");
        broker.Start();
        using TestClient client = TestClient.Connect(broker);
        Assert.Equal(MqttPublishResult.Queued, client.Client.TryPublish(Topic, "x"u8));
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
        Assert.Equal(1, client.Client.Counters.Lost);
        Assert.Equal(0, client.Client.Counters.Acknowledged);
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public void TryPublish_AfterWarmUp_AllocatesNothing(MqttQos qos)
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        byte[] payload = new byte[400];
        long published = PublishMany(client.Client, payload, qos, 500);
        Assert.Equal(0, Allocations.Of(() => published += PublishMany(client.Client, payload, qos, 5000)));
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
        Assert.Equal(published, client.Client.Counters.Acknowledged);
    }

    [Fact]
    public async Task TryPublish_FromManyThreadsWhileTheBrokerRestarts_LosesNoAcceptedMessage()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        using var stop = new CancellationTokenSource();
        Task[] publishers = new Task[4];
        for (int i = 0; i < publishers.Length; i++)
        {
            publishers[i] = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    if (client.Client.TryPublish(Topic, "x"u8) != MqttPublishResult.Queued && !client.Client.WaitForRoom(TimeSpan.FromMilliseconds(50)))
                    {
                        stop.Token.WaitHandle.WaitOne(1);
                    }
                }
            }, TestContext.Current.CancellationToken);
        }
        for (int restart = 1; restart <= 3; restart++)
        {
            long published = client.Client.Counters.Published;
            Wait.Until(() => client.Client.Counters.Published > published + 100, "publishing");
            broker.Kill();
            broker.Start();
            Wait.Until(() => client.Client.Counters.Reconnects >= restart, "reconnected");
        }
        await stop.CancelAsync();
        await Task.WhenAll(publishers);
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
        MqttCounters counters = client.Client.Counters;
        Assert.Equal(counters.Published, counters.Acknowledged);
        Assert.Equal(0, client.Client.InFlightCount);
    }

    private static int PublishMany(MqttClient client, byte[] payload, MqttQos qos, int count)
    {
        int published = 0;
        while (published < count)
        {
            if (client.TryPublish(Topic, payload, qos) == MqttPublishResult.Queued)
            {
                published++;
            }
            else
            {
                client.WaitForRoom(Patience);
            }
        }
        return published;
    }
}
