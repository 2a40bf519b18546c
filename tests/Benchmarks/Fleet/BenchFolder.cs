using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Packages;

namespace Edge.Benchmarks.Fleet;

/// <summary>A fleet's folder with keys and two releases that are described but have no bytes: simulated devices fetch none.</summary>
internal sealed class BenchFolder : IDisposable
{
    internal const string Package = "model";

    internal BenchFolder(int port)
    {
        Path = Directory.CreateTempSubdirectory("edge-bench-fleet-").FullName;
        using SigningKey key = SigningKey.Generate();
        key.Save(System.IO.Path.Combine(Path, "fleet.key"));
        PublicKey = key.Public;
        File.WriteAllText(System.IO.Path.Combine(Path, FleetFolder.FileName), string.Create(CultureInfo.InvariantCulture,
            $$"""{"root":"edge","broker":{"host":"127.0.0.1","port":{{port}}},"fleetKey":"fleet.key","packageKeys":["fleet.key.pub"],"database":"fleet.db"}"""));
        using FleetStore store = Open();
        store.Save(Record(1));
        store.Save(Record(2));
    }

    internal string Path { get; }

    internal VerifyingKey PublicKey { get; }

    /// <summary>Bytes of the database with its log.</summary>
    internal long DatabaseBytes => Directory.EnumerateFiles(Path, "fleet.db*").Sum(file => new FileInfo(file).Length);

    internal static string Manifest(long release) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{Package} {release}")));

    internal FleetStore Open() => FleetFolder.Open(Path).OpenStore();

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static ReleaseRecord Record(long release)
    {
        string manifest = Manifest(release);
        var description = new DesiredRelease
        {
            Name = Package,
            Version = $"{release}.0.0",
            Release = release,
            ManifestSha256 = manifest,
            Manifest = [new BlobReference { Length = 4096, Sha256 = manifest }],
            Signature = new byte[72],
            PackageBytes = 3_700_000,
        };
        return new ReleaseRecord(description, [manifest], DateTimeOffset.UnixEpoch);
    }
}
