using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

public sealed class MqttTlsTests
{
    [Fact]
    public void Start_BrokerCertificateOfTheGivenAuthority_Connects()
    {
        using MosquittoBroker broker = TlsBroker();
        using TestClient client = TestClient.Connect(broker, o => o with { Tls = new MqttTlsOptions { CaFile = broker.Folder["ca.pem"] } });
        Assert.Empty(client.Reasons);
    }

    [Fact]
    public void Start_BrokerCertificateOfAnotherAuthority_IsRefusedWithTheReason()
    {
        using MosquittoBroker broker = TlsBroker();
        Authority(broker.Folder, "other").Dispose();
        string reason = Refused(broker, new MqttTlsOptions { CaFile = broker.Folder["other.pem"] });
        Assert.StartsWith("TLS: the broker's certificate is not signed by an authority in ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_BrokerCertificateExpired_IsRefusedWithTheReason()
    {
        using MosquittoBroker broker = TlsBroker(from: -20, until: -10);
        string reason = Refused(broker, new MqttTlsOptions { CaFile = broker.Folder["ca.pem"] });
        Assert.Matches("^TLS: the broker's certificate expired on [0-9-]{10}: renew it", reason);
    }

    [Fact]
    public void Start_BrokerCertificateOfAnotherName_IsRefusedWithTheReason()
    {
        using MosquittoBroker broker = TlsBroker(address: "127.0.0.9");
        string reason = Refused(broker, new MqttTlsOptions { CaFile = broker.Folder["ca.pem"] });
        Assert.Equal("TLS: the broker's certificate is for another name than 127.0.0.1: use the name that stands in it", reason);
    }

    [Fact]
    public void Start_PlainBroker_IsRefusedWithTheReason()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        Authority(broker.Folder, "ca").Dispose();
        Assert.StartsWith("TLS: the broker does not speak TLS on this port", Refused(broker, new MqttTlsOptions { CaFile = broker.Folder["ca.pem"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_BrokerAsksForAClientCertificate_ConnectsWithOneAndIsRefusedWithout()
    {
        using MosquittoBroker broker = TlsBroker("cafile {folder}/ca.pem\nrequire_certificate true", client: true);
        var tls = new MqttTlsOptions { CaFile = broker.Folder["ca.pem"] };
        Assert.Equal("TLS: the broker asks for a client certificate: give certificate and key", Refused(broker, tls));
        tls = tls with { CertificateFile = broker.Folder["client.pem"], KeyFile = broker.Folder["client.key"] };
        using TestClient client = TestClient.Connect(broker, o => o with { Tls = tls });
        Assert.Empty(client.Reasons);
        using X509Certificate2 other = Authority(broker.Folder, "other");
        Certificate(broker.Folder, other, "stranger", "127.0.0.1", other.NotBefore, other.NotAfter);
        tls = tls with { CertificateFile = broker.Folder["stranger.pem"], KeyFile = broker.Folder["stranger.key"] };
        Assert.Equal("TLS: the broker does not accept the client certificate", Refused(broker, tls));
    }

    [Fact]
    public void Start_SharedKey_ConnectsWithTheRightOneOnly()
    {
        using var broker = new MosquittoBroker("allow_anonymous true\npsk_hint edge\npsk_file {folder}/keys\nuse_identity_as_username true");
        File.WriteAllText(broker.Folder["keys"], "kitchen:0123456789abcdef0123456789abcdef\n");
        File.WriteAllText(broker.Folder["right"], "0123456789ABCDEF0123456789abcdef\n");
        File.WriteAllText(broker.Folder["wrong"], "ffffffffffffffffffffffffffffffff");
        File.WriteAllText(broker.Folder["text"], "secret");
        broker.Start();
        using TestClient client = TestClient.Connect(broker, o => o with { Psk = new MqttPsk { Identity = "kitchen", KeyFile = broker.Folder["right"] } });
        Assert.Empty(client.Reasons);
        using var wrong = new TestClient(broker.Port, o => o with { Psk = new MqttPsk { Identity = "kitchen", KeyFile = broker.Folder["wrong"] } });
        wrong.Client.Start();
        wrong.WaitAttempts(1);
        Assert.Equal("TLS: the broker does not accept the shared key or its identity", wrong.Reasons[0]);
        MqttException text = Assert.Throws<MqttException>(() => new TestClient(broker.Port, o => o with { Psk = new MqttPsk { Identity = "kitchen", KeyFile = broker.Folder["text"] } }));
        Assert.Contains("holds no key", text.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The reason of the first attempt; there must be no connection.</summary>
    private static string Refused(MosquittoBroker broker, MqttTlsOptions tls)
    {
        using var client = new TestClient(broker.Port, o => o with { Tls = tls });
        client.Client.Start();
        client.WaitAttempts(1);
        Assert.Equal(0, client.Client.Counters.Connections);
        return client.Reasons[0];
    }

    private static MosquittoBroker TlsBroker(string settings = "", int from = -1, int until = 1, string address = "127.0.0.1", bool client = false)
    {
        var broker = new MosquittoBroker($"allow_anonymous true\ncertfile {{folder}}/server.pem\nkeyfile {{folder}}/server.key\n{settings}");
        using X509Certificate2 authority = Authority(broker.Folder, "ca");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Certificate(broker.Folder, authority, "server", address, now.AddDays(from), now.AddDays(until));
        if (client)
        {
            Certificate(broker.Folder, authority, "client", "127.0.0.1", now.AddDays(-1), now.AddDays(1));
        }
        broker.Start();
        return broker;
    }

    private static void Certificate(TemporaryFolder folder, X509Certificate2 authority, string name, string address, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, from, until, [1, 2, (byte)name.Length]);
        File.WriteAllText(folder[$"{name}.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(folder[$"{name}.key"], key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2 Authority(TemporaryFolder folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Test authority {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 authority = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(2));
        File.WriteAllText(folder[$"{name}.pem"], authority.ExportCertificatePem());
        return authority;
    }
}
