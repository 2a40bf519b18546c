using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class MqttClientConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Start_BrokerComesLater_Connects()
    {
        using var broker = new MosquittoBroker();
        using var client = new TestClient(broker.Port);
        client.Client.Start();
        client.WaitAttempts(2);
        Assert.Equal("Connection refused", client.Reasons[0]);
        broker.Start();
        client.WaitConnected();
        Assert.Equal(0, client.Client.Counters.Reconnects);
    }

    [Fact]
    public void Start_UnknownHost_KeepsTrying()
    {
        using var client = new TestClient(1883, o => o with { Host = "no-such-host.invalid" });
        client.Client.Start();
        client.WaitAttempts(2);
        Assert.Equal("the host name cannot be resolved", client.Reasons[0]);
    }

    [Fact]
    public void Start_Twice_Throws()
    {
        using var client = new TestClient(1);
        client.Client.Start();
        Assert.Throws<InvalidOperationException>(client.Client.Start);
    }

    [Fact]
    public void Start_WrongPassword_SaysSoAndKeepsTrying()
    {
        using MosquittoBroker broker = BrokerWithUser();
        using var client = new TestClient(broker.Port, o => o with { UserName = "me", Password = "wrong" });
        client.Client.Start();
        client.WaitAttempts(2);
        Assert.All(client.Reasons, reason => Assert.Contains(reason, new[] { "not authorised", "wrong user name or password" }));
        Assert.Equal(0, client.Client.Counters.Connections);
    }

    [Fact]
    public void Start_RightPasswordFromFile_Connects()
    {
        using MosquittoBroker broker = BrokerWithUser();
        File.WriteAllText(broker.Folder["secret"], "swordfish\n");
        using TestClient client = TestClient.Connect(broker, o => o with { UserName = "me", PasswordFile = broker.Folder["secret"] });
        Assert.Empty(client.Reasons);
    }

    [Fact]
    public void Connection_BrokerKilledAndRestarted_ReconnectsAndDeliversWhatWasOnItsWay()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        broker.Freeze();
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(MqttPublishResult.Queued, client.Client.TryPublish(new MqttTopic($"test/{i}"), "here"u8, MqttQos.AtLeastOnce, retain: true));
        }
        broker.Kill();
        Wait.Until(() => client.Waits > 0, "connection lost");
        Assert.Equal(5, client.Client.InFlightCount);
        broker.Start();
        Wait.Until(() => client.Client.Counters.Reconnects == 1, "reconnected");
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
        Assert.Equal(5, broker.Subscribe("-t", "test/#", "-C", "5", "-F", "%t").Count);
    }

    [Fact]
    public void Connection_EndedByTheBroker_TheWillIsPublished()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        var will = new MqttPublication { Topic = new MqttTopic("test/status"), Payload = "gone"u8.ToArray(), Retain = true };
        using TestClient client = TestClient.Connect(broker, o => o with { ClientId = "twin", Will = will, BackoffMinimum = TimeSpan.FromMinutes(1), BackoffMaximum = TimeSpan.FromMinutes(1) });
        Assert.Equal(["gone"], broker.Subscribe("-V", "5", "-i", "twin", "-t", "test/status", "-C", "1"));
        client.WaitAttempts(1);
        Assert.NotEmpty(client.Reasons[0]);
    }

    [Fact]
    public void Disconnect_WithFarewell_PublishesItAndNotTheWill()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        var topic = new MqttTopic("test/status");
        var will = new MqttPublication { Topic = topic, Payload = "gone"u8.ToArray(), Retain = true };
        using TestClient client = TestClient.Connect(broker, o => o with { Will = will });
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(MqttPublishResult.Queued, client.Client.TryPublish(new MqttTopic("test/other"), "x"u8));
        }
        Assert.True(client.Client.Disconnect(will with { Payload = "goodbye"u8.ToArray() }, Patience));
        Assert.Equal(101, client.Client.Counters.Acknowledged);
        Assert.Equal(["goodbye"], broker.Subscribe("-t", "test/status", "-C", "1"));
        Assert.Equal(MqttState.Closed, client.Client.State);
    }

    [Fact]
    public void Disconnect_FrozenBroker_ReturnsWithinItsTimeAndSaysNo()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker);
        broker.Freeze();
        client.Client.TryPublish(new MqttTopic("test/other"), "x"u8);
        Assert.False(client.Client.Disconnect(null, TimeSpan.FromMilliseconds(100)));
        broker.Thaw();
    }

    [Fact]
    public void PublishAhead_FullWindow_IsAccepted()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using TestClient client = TestClient.Connect(broker, o => o with { InFlightLimit = 1 });
        broker.Freeze();
        var topic = new MqttTopic("test/status");
        Assert.Equal(MqttPublishResult.Queued, client.Client.TryPublish(topic, "1"u8));
        Assert.Equal(MqttPublishResult.QueueFull, client.Client.TryPublish(topic, "2"u8));
        Assert.Equal(MqttPublishResult.Queued, client.Client.PublishAhead(new MqttPublication { Topic = topic, Payload = "3"u8.ToArray() }));
        broker.Thaw();
        Assert.True(client.Client.WaitForAcknowledgements(Patience));
    }

    [Fact]
    public void Start_ServerThatNeverGreets_GivesUpAndKeepsTrying()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TestClient(((IPEndPoint)listener.LocalEndpoint).Port, o => o with { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        client.Client.Start();
        client.WaitAttempts(2);
        Assert.Equal("the broker does not answer", client.Reasons[0]);
    }

    public static TheoryData<byte[]> WrongServers => new()
    {
        "HTTP/1.1 400 Bad Request\r\nServer: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n0123456789012345678901234567890123456789"u8.ToArray(),
        "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n0123456789012345678901234567890123456789012345678901234567890123456789"u8.ToArray(),
        new byte[] { 0x15, 3, 1, 0, 2, 2, 70 },
        new byte[] { 0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF },
        new byte[] { 0x20, 2 },
        new byte[] { 0x20, 2, 0, 1 },
        new byte[] { 0x20, 3, 0, 135, 0 },
        new byte[] { 0xF0, 0 },
        Array.Empty<byte>(),
    };

    [Theory]
    [MemberData(nameof(WrongServers))]
    public void Start_ServerThatIsNoBroker_KeepsTrying(byte[] answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TestClient(((IPEndPoint)listener.LocalEndpoint).Port, o => o with { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        client.Client.Start();
        for (int i = 0; i < 3; i++)
        {
            using Socket peer = listener.AcceptSocket();
            peer.Send(answer);
        }
        client.WaitAttempts(3);
        Assert.Equal(0, client.Client.Counters.Connections);
    }

    private static MosquittoBroker BrokerWithUser()
    {
        var broker = new MosquittoBroker("allow_anonymous false\npassword_file {folder}/users");
        string users = broker.Folder["users"];
        using (Process process = Process.Start("mosquitto_passwd", ["-c", "-b", users, "me", "swordfish"]))
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
        broker.Start();
        return broker;
    }
}
