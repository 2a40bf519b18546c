using System.Diagnostics;
using System.Security.Cryptography;
using Edge.Testing;

namespace Edge.Packages.Tests;

public sealed class SigningTests
{
    [Fact]
    public void Open_SignedPackage_OpensslAcceptsTheSignature()
    {
        using var folder = new TemporaryFolder();
        using SigningKey key = SigningKey.Generate();
        key.Save(folder["key.pem"]);
        Package package = Package.Read(Sample.Bytes(key), "p", PackageTrust.Load(folder["key.pem.pub"]));
        File.WriteAllBytes(folder["manifest.json"], package.ManifestBytes.Span);
        File.WriteAllBytes(folder["manifest.sig"], package.Signature.Span);
        Assert.Equal("Verified OK", OpenSsl(folder, "dgst", "-sha256", "-verify", "key.pem.pub", "-signature", "manifest.sig", "manifest.json"));
    }

    [Fact]
    public void Read_SignedByOpenssl_IsAccepted()
    {
        using var folder = new TemporaryFolder();
        OpenSsl(folder, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem");
        OpenSsl(folder, "pkey", "-in", "key.pem", "-pubout", "-out", "key.pub");
        Package unsigned = Package.Read(Sample.Bytes(), "p", PackageTrust.AllowUnsigned);
        File.WriteAllBytes(folder["manifest.json"], unsigned.ManifestBytes.Span);
        OpenSsl(folder, "dgst", "-sha256", "-sign", "key.pem", "-out", "manifest.sig", "manifest.json");
        byte[] signed = Sample.Archive([
            ("manifest.json", unsigned.ManifestBytes.ToArray()),
            ("manifest.sig", File.ReadAllBytes(folder["manifest.sig"])),
            .. unsigned.Files.Select(f => (f.Path, unsigned.ReadFile(f.Path).ToArray()))]);
        Assert.NotNull(Package.Read(signed, "p", PackageTrust.Load(folder["key.pub"])).SignedBy);
        using SigningKey loaded = SigningKey.Load(folder["key.pem"]);
        Assert.Equal(VerifyingKey.Load(folder["key.pub"]).Fingerprint, loaded.Public.Fingerprint);
    }

    [Fact]
    public void Load_Sec1KeyOfOpenssl_IsAccepted()
    {
        using var folder = new TemporaryFolder();
        OpenSsl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-out", "key.pem");
        using SigningKey key = SigningKey.Load(folder["key.pem"]);
        Assert.True(key.Public.Verify("data"u8, key.Sign("data"u8)));
    }

    [Fact]
    public void Save_Key_OnlyItsOwnerMayRead()
    {
        using var folder = new TemporaryFolder();
        using SigningKey key = SigningKey.Generate();
        key.Save(folder["key.pem"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["key.pem"]));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(folder["key.pem"]), StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", File.ReadAllText(folder["key.pem.pub"]), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Read_UnsignedWhereKeysAreTrusted_IsRefused()
    {
        using SigningKey key = SigningKey.Generate();
        Assert.Contains("not signed", Sample.Refused(Sample.Bytes(), PackageTrust.Keys(key.Public)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SignedBySomebodyElse_IsRefused()
    {
        using SigningKey mine = SigningKey.Generate(), theirs = SigningKey.Generate();
        Assert.Contains("was not made by", Sample.Refused(Sample.Bytes(theirs), PackageTrust.Keys(mine.Public)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SecondOfTwoTrustedKeys_IsAccepted()
    {
        using SigningKey old = SigningKey.Generate(), current = SigningKey.Generate();
        Package package = Package.Read(Sample.Bytes(current), "p", PackageTrust.Keys(old.Public, current.Public));
        Assert.Equal(current.Public.Fingerprint, package.SignedBy?.Fingerprint);
    }

    [Fact]
    public void Read_ManifestBrokenAndSignatureWrong_ComplainsOfTheSignature()
    {
        using SigningKey key = SigningKey.Generate();
        byte[] bytes = Sample.Archive(("manifest.json", "{ not JSON"u8.ToArray()), ("manifest.sig", new byte[70]));
        Assert.Contains("manifest.sig", Sample.Refused(bytes, PackageTrust.Keys(key.Public)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_None_Throws() => Assert.Throws<ArgumentException>(() => PackageTrust.Keys());

    [Fact]
    public void Load_WrongFiles_SaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        using SigningKey key = SigningKey.Generate();
        key.Save(folder["key"]);
        File.WriteAllText(folder["text"], "hello");
        using (var rsa = RSA.Create(2048))
        {
            File.WriteAllText(folder["rsa.pub"], rsa.ExportSubjectPublicKeyInfoPem());
            File.WriteAllText(folder["rsa"], rsa.ExportPkcs8PrivateKeyPem());
        }
        using (var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384))
        {
            File.WriteAllText(folder["p384.pub"], p384.ExportSubjectPublicKeyInfoPem());
            File.WriteAllText(folder["p384"], p384.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(folder["locked"], p384.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        }
        foreach (string name in (string[])["key", "text", "rsa.pub", "p384.pub", "not-there"])
        {
            Assert.StartsWith(folder[name] + ": ", Assert.Throws<PackageException>(() => PackageTrust.Load(folder[name])).Message, StringComparison.Ordinal);
        }
        foreach (string name in (string[])["key.pub", "text", "rsa", "p384", "locked", "not-there"])
        {
            Assert.StartsWith(folder[name] + ": ", Assert.Throws<PackageException>(() => SigningKey.Load(folder[name])).Message, StringComparison.Ordinal);
        }
    }

    private static string OpenSsl(TemporaryFolder folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("skipped: openssl is not installed");
        }
        using (process)
        {
            string output = process!.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors + output);
            return output.Trim();
        }
    }
}
