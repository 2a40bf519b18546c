using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Mqtt;

/// <summary>
/// Why a TLS connection fails, in plain words. The library says only that it does; a handshake of our own, of which nothing is
/// used, finds out.
/// </summary>
internal static class TlsDiagnosis
{
    private const int PatienceMilliseconds = 5000;
    private const string Unknown = "TLS: the broker's certificate or the TLS settings are not accepted";

    /// <summary>Why, or that nobody knows.</summary>
    internal static string Explain(MqttClientOptions options) => TryExplain(options) ?? Unknown;

    /// <summary>Why; null where the handshake succeeds or says nothing.</summary>
    internal static string? TryExplain(MqttClientOptions options)
    {
        if (options.Psk is not null)
        {
            return "TLS: the broker does not accept the shared key or its identity";
        }
        string? found = null;
        try
        {
            using var socket = new TcpClient { ReceiveTimeout = PatienceMilliseconds, SendTimeout = PatienceMilliseconds };
            socket.Connect(options.Host, options.Port);
            X509Certificate2Collection authorities = [];
            if (options.Tls!.CaFile is { } caFile)
            {
                authorities.ImportFromPemFile(caFile);
            }
            using var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, errors) =>
            {
                found = certificate is X509Certificate2 own ? Judge(own, options, authorities, errors) : "TLS: the broker shows no certificate";
                return found is null;
            });
            stream.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = options.Host, ClientCertificates = Own(options.Tls) });
            // TLS 1.3 brokers refuse a client's certificate after the handshake.
            return found ?? (stream.ReadByte() < 0 ? Refused(options.Tls) : null);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return found ?? (e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut } ? null
                : e.ToString().Contains("alert", StringComparison.OrdinalIgnoreCase) ? Refused(options.Tls!)
                : "TLS: the broker does not speak TLS on this port, or none of a version that is known here");
        }
        catch (Exception e) when (e is SocketException or CryptographicException)
        {
            return e is CryptographicException ? $"TLS: a certificate or key file cannot be used: {e.Message}" : null;
        }
    }

    private static string? Judge(X509Certificate2 certificate, MqttClientOptions options, X509Certificate2Collection authorities, SslPolicyErrors errors)
    {
        DateTimeOffset now = options.TimeProvider.GetUtcNow();
        if (now > certificate.NotAfter)
        {
            return $"TLS: the broker's certificate expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}: renew it, or set this device's clock";
        }
        if (now < certificate.NotBefore)
        {
            return $"TLS: the broker's certificate holds from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} only: is this device's clock right?";
        }
        if (options.Tls!.CaFile is { } caFile)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            if (!chain.Build(certificate))
            {
                return $"TLS: the broker's certificate is not signed by an authority in {caFile}: give the right CA file";
            }
        }
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return "TLS: the broker's certificate is not signed by an authority of this system: give a CA file";
        }
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"TLS: the broker's certificate is for another name than {options.Host}: use the name that stands in it"
            : null;
    }

    private static string Refused(MqttTlsOptions tls) => tls.CertificateFile is null
        ? "TLS: the broker asks for a client certificate: give certificate and key"
        : "TLS: the broker does not accept the client certificate";

    private static X509CertificateCollection Own(MqttTlsOptions tls)
    {
        var own = new X509CertificateCollection();
        if (tls.CertificateFile is { } certificate)
        {
            own.Add(X509Certificate2.CreateFromPemFile(certificate, tls.KeyFile));
        }
        return own;
    }
}
