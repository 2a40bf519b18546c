using System.Text;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class MqttProtocolTests
{
    [Fact]
    public void Start_BrokerOfMqtt311_FallsBackAndWorks()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using var proxy = new OldBrokerProxy(broker.Port);
        using var client = new TestClient(proxy.Port);
        client.Client.Start();
        client.WaitConnected();
        Assert.Equal((MqttProtocol.V311, 1), (client.Client.Protocol, proxy.Refused));
        using MqttSubscription subscription = client.Client.Subscribe("a/b");
        Wait.Until(() => subscription.Acknowledged.IsCompletedSuccessfully, "a subscription");
        client.Client.PublishAhead(new MqttPublication { Topic = new MqttTopic("a/b"), Payload = "x"u8.ToArray(), ContentType = "text/plain", Expiry = TimeSpan.FromSeconds(5) });
        Wait.Until(() => subscription.Messages.TryPeek(out _), "the message");
        Assert.True(subscription.Messages.TryRead(out MqttMessage? message));
        Assert.Equal(("x", null), (Encoding.UTF8.GetString(message.Payload.Span), message.ContentType));
    }

    [Fact]
    public void Start_BrokerOfMqtt311AndMqtt5Wanted_IsToldInWords()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using var proxy = new OldBrokerProxy(broker.Port);
        using var client = new TestClient(proxy.Port, o => o with { Protocol = MqttProtocol.V5 });
        client.Client.Start();
        client.WaitAttempts(1);
        Assert.Equal("the broker does not speak this version of MQTT", client.Reasons[0]);
    }

    [Fact]
    public void Start_WrongPasswordOverMqtt311_IsToldInWords()
    {
        using var broker = new MosquittoBroker("password_file {folder}/passwords");
        File.WriteAllText(broker.Folder["passwords"], "");
        broker.Start();
        using var client = new TestClient(broker.Port, o => o with { Protocol = MqttProtocol.V311, UserName = "a", Password = "hidden" });
        client.Client.Start();
        client.WaitAttempts(1);
        Assert.Equal("not authorised", client.Reasons[0]);
    }

    [Fact]
    public void Publish_Properties_ArriveAndExpire()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        using MqttSubscription subscription = client.Client.Subscribe("a/#");
        Wait.Until(() => subscription.Acknowledged.IsCompletedSuccessfully, "a subscription");
        client.Client.PublishAhead(new MqttPublication
        {
            Topic = new MqttTopic("a/b"),
            Payload = "{}"u8.ToArray(),
            Retain = true,
            Expiry = TimeSpan.FromSeconds(3600),
            ContentType = "application/json",
            UserProperties = [new("site", "north"), new("ünïcode", "✓")],
        });
        Wait.Until(() => subscription.Messages.TryPeek(out _), "the message");
        Assert.True(subscription.Messages.TryRead(out MqttMessage? message));
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal([new("site", "north"), new("ünïcode", "✓")], message.UserProperties);
        // mosquitto_sub prints how many seconds a retained message has left.
        string line = Assert.Single(broker.Subscribe("-t", "a/b", "-V", "5", "-F", "%E %P", "-C", "1", "-W", "10"));
        Assert.InRange(int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), 3000, 3600);
        Assert.Contains("site:north", line, StringComparison.Ordinal);
    }

    [Fact]
    public void SessionExpiry_MessagesWhileAway_ArriveAfterReconnect()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew("allow_anonymous true\npersistence true\npersistence_location {folder}/");
        MqttClientOptions Keep(MqttClientOptions o) => o with { SessionExpiry = TimeSpan.FromMinutes(5), ClientId = "keeper" };
        using (TestClient first = TestClient.Connect(broker, Keep))
        {
            MqttSubscription subscription = first.Client.Subscribe("a/b");
            Wait.Until(() => subscription.Acknowledged.IsCompletedSuccessfully, "a subscription");
        }
        broker.Publish("-t", "a/b", "-m", "meanwhile", "-q", "1");
        using var second = new TestClient(broker.Port, Keep);
        using MqttSubscription again = second.Client.Subscribe("a/b");
        second.Client.Start();
        Wait.Until(() => again.Messages.TryPeek(out _), "the message of meanwhile");
        Assert.True(again.Messages.TryRead(out MqttMessage? message));
        Assert.Equal("meanwhile", Encoding.UTF8.GetString(message.Payload.Span));
    }

    [Fact]
    public void PasswordVariable_IsUsedAndNeverShown()
    {
        Environment.SetEnvironmentVariable("EDGE_TEST_PASSWORD", "hush-hush");
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        var options = new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "c", UserName = "u", PasswordVariable = "EDGE_TEST_PASSWORD" };
        Assert.Equal("hush-hush", options.ReadPassword());
        Assert.DoesNotContain("hush", options.ToString(), StringComparison.Ordinal);
        MqttException e = Assert.Throws<MqttException>(() => (options with { PasswordVariable = "EDGE_TEST_NO_SUCH" }).Validate());
        Assert.Contains("EDGE_TEST_NO_SUCH: is not set", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outbox_TopicThatTheBrokerForbids_IsToldOnceInWords()
    {
        using var folder = new TemporaryFolder();
        using var broker = new MosquittoBroker("allow_anonymous true\nacl_file {folder}/acl");
        File.WriteAllText(broker.Folder["acl"], "topic read #\ntopic write allowed\n");
        broker.Start();
        var told = new List<string>();
        using var outbox = new Outbox(new SpoolOptions { Path = folder["spool"] }, line =>
        {
            lock (told)
            {
                told.Add(line);
            }
        });
        using var client = new TestClient(broker.Port);
        outbox.Attach(client.Client);
        client.Client.Start();
        client.WaitConnected();
        OutboxStream events = outbox.Open(new MqttTopic("forbidden"), isEvent: true);
        events.Publish("{}"u8);
        events.Publish("{}"u8);
        Assert.True(outbox.Drain(TimeSpan.FromSeconds(20)));
        lock (told)
        {
            Assert.Equal("mqtt: the broker refuses messages: not authorised: check the user's rights (told once)", Assert.Single(told));
        }
    }
}
