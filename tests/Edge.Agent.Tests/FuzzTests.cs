using System.Globalization;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Foundation;
using Edge.Packages;

namespace Edge.Agent.Tests;

/// <summary>Damaged messages and packages: one clear line or a good object, nothing else. EDGE_FUZZ_CASES says how many, EDGE_FUZZ_SEED repeats a run.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly string? Asked = Environment.GetEnvironmentVariable("EDGE_FUZZ_CASES");
    private static readonly int Cases = int.Parse(Asked ?? "2000", CultureInfo.InvariantCulture);
    private static readonly int PackageCases = Asked is null ? 200 : Cases;

    private readonly TestFleet _fleet = new();
    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("EDGE_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : Environment.TickCount;

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
        for (int i = 0; i < PackageCases; i++)
        {
            byte[] bytes = Damage(good, random);
            if (bytes.AsSpan().SequenceEqual(good))
            {
                continue;
            }
            try
            {
                Package.Read(bytes, "p", trust);
                Assert.Fail($"case {i} of seed {_seed}: a damaged package is read");
            }
            catch (PackageException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"case {i} of seed {_seed}: {e}");
            }
        }
    }

    [Fact]
    public void Desired_Damaged_IsRefusedByTheDeviceWithAReason()
    {
        byte[] good = DesiredSigner.Sign(_fleet.State(_fleet.Open(_fleet.Write(2)).Release), _fleet.FleetKey).ToUtf8();
        var log = new List<string>();
        using var agent = new UpdateAgent(_fleet.Options(), new NoHost(), log.Add);
        agent.Register(TestFleet.Package, _fleet.Folder["factory.edgepkg"]);
        var random = new Random(_seed);
        int taken = 0;
        for (int i = 0; i < Cases; i++)
        {
            byte[] bytes = Damage(good, random);
            agent.Receive(bytes);
            ReportedState state = agent.Report();
            // Damage between the values of the outer message leaves what is signed as it was.
            taken += state.Refused is null ? 1 : 0;
            Assert.True(state.Refused is null or { Length: > 0 } && state.Refused?.Contains('\n', StringComparison.Ordinal) != true, $"case {i} of seed {_seed}: {state.Refused}");
            Assert.InRange(state.Counter, 0, 1);
            log.Clear();
        }
        Assert.InRange(taken, 0, Cases / 10);
    }

    public void Dispose() => _fleet.Dispose();

    private sealed class NoHost : IModelHost
    {
        public void Rehearse(string name, string path, TrialSpec trial) => throw new AgentException("nothing runs here");

        public void Use(string name, string? path) => throw new AgentException("nothing runs here");

        public string? Complaint(string name, TrialSpec trial) => "nothing runs here";
    }

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
