using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Edge.Foundation;

namespace Edge.Fleet.Setup;

/// <summary>Makes the certificates of a fleet: an authority, the broker's, the server's, and one a device (ECDSA P-256).</summary>
internal static class CertificateMaker
{
    private const int AuthorityYears = 30;
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Devices without a clock believe that it is 1970: whatever they check must have been valid then.</summary>
    private static readonly DateTimeOffset Always = DateTimeOffset.UnixEpoch;

    /// <summary>Writes a new authority: <c>path.crt</c> and <c>path.key</c>.</summary>
    internal static void WriteAuthority(string path, string name, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        using X509Certificate2 certificate = request.CreateSelfSigned(Always, now.AddYears(AuthorityYears));
        Write(path, certificate, key);
    }

    /// <summary>Writes a certificate that an authority signed: <c>path.crt</c> and <c>path.key</c>.</summary>
    /// <param name="path">Where to, without the ending.</param>
    /// <param name="authority">The authority's path, without the ending.</param>
    /// <param name="name">The common name: what brokers take for the user.</param>
    /// <param name="hosts">Names and addresses of a server; null for a client.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FleetException">The authority's files cannot be used.</exception>
    internal static void Write(string path, string authority, string name, IReadOnlyList<string>? hosts, DateTimeOffset now)
    {
        using X509Certificate2 issuer = Load(authority);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(hosts is null ? ClientUse : ServerUse)], critical: false));
        if (hosts is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (string host in hosts)
            {
                if (IPAddress.TryParse(host, out IPAddress? address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(host);
                }
            }
            request.CertificateExtensions.Add(names.Build());
        }
        using X509Certificate2 certificate = request.Create(issuer, Always, issuer.NotAfter, RandomNumberGenerator.GetBytes(16));
        Write(path, certificate, key);
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var distinguished = new X500DistinguishedNameBuilder();
        distinguished.AddCommonName(name);
        var request = new CertificateRequest(distinguished.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static X509Certificate2 Load(string authority)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(authority + ".crt", authority + ".key");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FleetException($"{authority}.crt, {authority}.key: the fleet's authority cannot be used ({e.Message}): restore it, or make a fleet with `edge fleet init`", e);
        }
    }

    private static void Write(string path, X509Certificate2 certificate, ECDsa key)
    {
        AtomicFile.WriteAllBytes(path + ".key", System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), Secret);
        AtomicFile.WriteAllText(path + ".crt", certificate.ExportCertificatePem() + "\n");
    }
}
