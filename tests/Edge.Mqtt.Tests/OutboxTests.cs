using System.Text;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class OutboxTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void Publish_BrokerAwayInTheMiddleOf100000_AllArriveInOrderOnceDeduplicated()
    {
        const int Results = 100_000;
        using var folder = new TemporaryFolder();
        using MosquittoBroker broker = MosquittoBroker.StartNew(Consumer.BrokerSettings);
        using var consumer = new Consumer(broker, "device/#");
        using var outbox = new Outbox(new SpoolOptions { Path = folder["spool"], ReplayPerSecond = 0 }, _told.Add);
        using (TestClient client = Connect(broker, outbox))
        {
            OutboxStream results = outbox.Open(new MqttTopic("device/result"), isEvent: false);
            for (int i = 1; i <= Results; i++)
            {
                Assert.True(results.Publish(TestClient.Utf8($"{{\"i\":{i}}}")));
                if (i == Results / 3)
                {
                    broker.Stop();
                }
                else if (i == Results * 2 / 3)
                {
                    broker.Start();
                }
            }
            Wait.Until(() => consumer.Count("device/result") == Results, TimeSpan.FromMinutes(2), () => $"{consumer.Count("device/result")} came; {outbox.Counters}; {string.Join('\n', _told)}");
            Assert.Equal(Enumerable.Range(1, Results).Select(i => (outbox.Boot, (long)i, $"\"i\":{i}")), consumer.Messages("device/result"));
            Assert.InRange(outbox.Counters.Stored, Results / 4, Results);
            Wait.Until(() => outbox.Counters.Waiting == 0, "an empty spool");
            Assert.Equal(0, outbox.Counters.Dropped);
        }
        Assert.Empty(_told);
    }

    [Fact]
    public void Publish_ConnectedWithSpool_AllocatesNothingAndStoresNothing()
    {
        using var folder = new TemporaryFolder();
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using var outbox = new Outbox(new SpoolOptions { Path = folder["spool"] }, _told.Add);
        using TestClient client = Connect(broker, outbox);
        OutboxStream results = outbox.Open(new MqttTopic("device/result"), isEvent: false);
        byte[] json = Encoding.UTF8.GetBytes("{\"pipeline\":\"door\",\"sequence\":12345}");
        for (int i = 0; i < 2000; i++)
        {
            results.Publish(json);
        }
        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                results.Publish(json);
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal(0, outbox.Counters.Stored);
        Assert.True(client.Client.WaitForAcknowledgements(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Publish_SpoolFull_OldestTelemetryGoesAndNoEvent()
    {
        using var folder = new TemporaryFolder();
        using MosquittoBroker broker = new();
        var options = new SpoolOptions { Path = folder["spool"], MaximumBytes = 200_000, ReplayPerSecond = 0 };
        using var outbox = new Outbox(options, _told.Add);
        using TestClient client = Connect(broker, outbox, wait: false);
        OutboxStream results = outbox.Open(new MqttTopic("device/result"), isEvent: false);
        OutboxStream events = outbox.Open(new MqttTopic("device/event"), isEvent: true);
        string filler = new('x', 300);
        for (int i = 1; i <= 5000; i++)
        {
            Assert.True(results.Publish(TestClient.Utf8($"{{\"i\":{i},\"filler\":\"{filler}\"}}")));
            if (i % 50 == 0)
            {
                Assert.True(events.Publish(TestClient.Utf8($"{{\"i\":{i}}}")));
            }
        }
        Assert.True(outbox.Flush(TimeSpan.FromSeconds(60)));
        Assert.InRange(outbox.Counters.Bytes, 100_000, 200_000);
        Assert.Equal(5100, outbox.Counters.Waiting + outbox.Counters.Dropped);
        // Twice the messages, and a log of a few megabytes: what SQLite may use at most.
        Assert.InRange(new FileInfo(folder["spool"]).Length, 1, (2 * 200_000) + (64 * 4096));
        Assert.InRange(new FileInfo(folder["spool-wal"]).Length, 0, 8_000_000);
        broker.Start();
        Wait.Until(() => outbox.Counters.Waiting == 0, TimeSpan.FromSeconds(60), () => $"{outbox.Counters}");
        Assert.Equal((100, 0), (events.Number, outbox.Counters.RefusedEvents));
        Assert.Equal(100, broker.Log.Split('\n').Count(line => line.Contains("Received PUBLISH", StringComparison.Ordinal) && line.Contains("'device/event'", StringComparison.Ordinal)));
        Assert.Empty(_told);
    }

    [Fact]
    public void Publish_EventsAloneFillTheSpool_FurtherOnesAreRefusedAndTold()
    {
        using var folder = new TemporaryFolder();
        using var outbox = new Outbox(new SpoolOptions { Path = folder["spool"], MaximumBytes = 100_000 }, _told.Add);
        OutboxStream events = outbox.Open(new MqttTopic("device/event"), isEvent: true);
        string filler = new('x', 900);
        for (int i = 0; i < 200; i++)
        {
            events.Publish(TestClient.Utf8($"{{\"filler\":\"{filler}\"}}"));
        }
        Assert.True(outbox.Flush(TimeSpan.FromSeconds(60)));
        Assert.Equal(200, outbox.Counters.Waiting + outbox.Counters.RefusedEvents);
        Assert.InRange(outbox.Counters.RefusedEvents, 90, 110);
        Assert.Contains("events alone fill", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_MessagesOnTheirWay_NextProcessSendsThem()
    {
        using var folder = new TemporaryFolder();
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        var options = new SpoolOptions { Path = folder["spool"] };
        using (var outbox = new Outbox(options, _told.Add))
        {
            using TestClient client = Connect(broker, outbox);
            OutboxStream results = outbox.Open(new MqttTopic("device/result"), isEvent: false);
            broker.Freeze();
            for (int i = 1; i <= 50; i++)
            {
                results.Publish(TestClient.Utf8($"{{\"i\":{i}}}"));
            }
            broker.Thaw();
            broker.Kill();
            client.Dispose();
        }
        using var next = new Outbox(options, _told.Add);
        Assert.InRange(next.Counters.Waiting, 0, 50);
        OutboxStream again = next.Open(new MqttTopic("device/result"), isEvent: false);
        broker.Start();
        using TestClient second = Connect(broker, next);
        Assert.True(next.Drain(TimeSpan.FromSeconds(30)));
        Assert.InRange(again.Number, 0, 50);
    }

    [Fact]
    public void Open_DamagedSpool_IsPutAsideAndTold()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["spool"], new string('?', 10_000));
        using var outbox = new Outbox(new SpoolOptions { Path = folder["spool"] }, _told.Add);
        Assert.Contains("it is damaged: put aside", Assert.Single(_told), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["spool.damaged"]));
        OutboxStream events = outbox.Open(new MqttTopic("device/event"), isEvent: true);
        Assert.True(events.Publish("{}"u8));
        Assert.True(outbox.Flush(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, outbox.Counters.Waiting);
    }

    [Fact]
    public void Open_SpoolOfAnotherProcess_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = new SpoolOptions { Path = folder["spool"] };
        using var outbox = new Outbox(options, _told.Add);
        outbox.Open(new MqttTopic("a"), isEvent: true).Publish("{}"u8);
        Assert.True(outbox.Flush(TimeSpan.FromSeconds(20)));
        MqttException refused = Assert.Throws<MqttException>(() => new Outbox(options, _told.Add));
        Assert.Contains("another program uses it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MaximumAge_OldTelemetry_IsDeletedAndEventsStay()
    {
        using var folder = new TemporaryFolder();
        var options = new SpoolOptions { Path = folder["spool"], MaximumAge = TimeSpan.FromHours(1) };
        using (var outbox = new Outbox(options, _told.Add, new FixedTime(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))))
        {
            outbox.Open(new MqttTopic("device/result"), isEvent: false).Publish("{}"u8);
            outbox.Open(new MqttTopic("device/event"), isEvent: true).Publish("{}"u8);
        }
        using var later = new Outbox(options, _told.Add, new FixedTime(new DateTimeOffset(2030, 1, 1, 2, 0, 0, TimeSpan.Zero)));
        Wait.Until(() => later.Counters.Dropped == 1, "deleted telemetry");
        Wait.Until(() => later.Counters.Waiting == 1, "the event");
        Assert.Equal(1, later.Open(new MqttTopic("device/event"), isEvent: true).Number);
    }

    [Fact]
    public void Publish_NoSpoolAndNoBroker_IsDroppedAndCounted()
    {
        using var outbox = new Outbox(null, _told.Add);
        OutboxStream results = outbox.Open(new MqttTopic("device/result"), isEvent: false);
        Assert.False(results.Publish("{}"u8));
        Assert.Equal(1, outbox.Counters.Dropped);
        Assert.Throws<ArgumentException>(() => results.Publish("[]"u8));
    }

    private static TestClient Connect(MosquittoBroker broker, Outbox outbox, bool wait = true)
    {
        var client = new TestClient(broker.Port);
        outbox.Attach(client.Client);
        client.Client.Start();
        if (wait)
        {
            client.WaitConnected();
        }
        return client;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
