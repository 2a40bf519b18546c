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
    public void Start_BrokerCertificateOfAnotherAuthority_IsRefused()
    {
        using MosquittoBroker broker = TlsBroker();
        WriteAuthority(broker.Folder, "other.pem").Dispose();
        using var client = new TestClient(broker.Port, o => o with { Tls = new MqttTlsOptions { CaFile = broker.Folder["other.pem"] } });
        client.Client.Start();
        client.WaitAttempts(1);
        Assert.StartsWith("TLS:", client.Reasons[0], StringComparison.Ordinal);
        Assert.Equal(0, client.Client.Counters.Connections);
    }

    private static MosquittoBroker TlsBroker()
    {
        var broker = new MosquittoBroker("allow_anonymous true\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key");
        using X509Certificate2 authority = WriteAuthority(broker.Folder, "ca.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3]);
        File.WriteAllText(broker.Folder["server.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(broker.Folder["server.key"], key.ExportPkcs8PrivateKeyPem());
        broker.Start();
        return broker;
    }

    private static X509Certificate2 WriteAuthority(TemporaryFolder folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Test authority {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(folder[name], authority.ExportCertificatePem());
        return authority;
    }
}
