using System.Globalization;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Foundation;
using Edge.Packages;

namespace Edge.Agent.Tests;

/// <summary>Damaged messages and packages: one clear line or a good object, nothing else. EDGE_FUZZ_CASES says how many.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("EDGE_FUZZ_CASES") ?? "2000", CultureInfo.InvariantCulture);

    private readonly TestFleet _fleet = new();
    private readonly int _seed = Environment.TickCount;

    [Fact]
    public void Messages_Damaged_AreReadOrRefused()
    {
        PublishedRelease release = _fleet.Open(_fleet.Write(2));
        DesiredState state = _fleet.State(release.Release);
        (byte[] Bytes, Action<byte[]> Read)[] kinds =
        [
            (DesiredSigner.Sign(state, _fleet.FleetKey).ToUtf8(), bytes => DesiredMessage.Parse(bytes)),
            (state.ToUtf8(), bytes => DesiredState.Parse(bytes)),
            (new TrustChange { Version = 3, PackageKeys = [_fleet.MakerKey.Public.ToPem()], Revoked = [new string('a', 64)] }.ToUtf8(), bytes => TrustChange.Parse(bytes)),
            (new ReportedState { Time = DateTimeOffset.UnixEpoch, Counter = 1, RuntimeVersion = "1", Packages = [new PackageReport { Name = "m", Phase = UpdatePhase.Trial, Running = null, RunningManifest = null }] }.ToUtf8(), bytes => ReportedState.Parse(bytes)),
            (release.ManifestBytes.ToArray(), bytes => Manifest.Parse(bytes)),
            (release.ManifestBytes.ToArray(), bytes => PackageAssembly.Plan(bytes, new byte[70], PackageTrust.AllowUnsigned)),
        ];
        var random = new Random(_seed);
        for (int i = 0; i < Cases; i++)
        {
            (byte[] good, Action<byte[]> read) = kinds[i % kinds.Length];
            byte[] bytes = Damage(good, random);
            try
            {
                read(bytes);
            }
            catch (InputException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i} of seed {_seed}, kind {i % kinds.Length}: {e}");
            }
        }
    }

    [Fact]
    public void Packages_Damaged_AreRefused()
    {
        byte[] good = File.ReadAllBytes(_fleet.Write(2));
        PackageTrust trust = PackageTrust.Keys(_fleet.MakerKey.Public);
        var random = new Random(_seed);
        for (int i = 0; i < Cases / 10; i++)
        {
            byte[] bytes = Damage(good, random);
            if (!bytes.AsSpan().SequenceEqual(good))
            {
                Assert.Throws<PackageException>(() => Package.Read(bytes, "p", trust));
            }
        }
    }

    public void Dispose() => _fleet.Dispose();

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        for (int changes = 1 + random.Next(4); changes > 0 && bytes.Length > 0; changes--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    int length = Math.Min(random.Next(64), bytes.Length - at);
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
                default:
                    "0123456789{}[]\",:-e"u8.Slice(random.Next(18), 1).CopyTo(bytes.AsSpan(at));
                    break;
            }
        }
        return bytes;
    }
}
