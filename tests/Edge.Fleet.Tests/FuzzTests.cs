using System.Globalization;
using System.Text;
using Edge.Fleet.Protocol;
using Edge.Fleet.Service;
using Edge.Fleet.Store;
using Edge.Foundation;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Fleet.Tests;

/// <summary>Damaged messages of devices: the server takes them or says in one line what is wrong. EDGE_FUZZ_CASES says how many, EDGE_FUZZ_SEED repeats a run.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("EDGE_FUZZ_CASES") ?? "3000", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("EDGE_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : Environment.TickCount;

    [Fact]
    public void Messages_Damaged_AreTakenOrRefusedInOneLine()
    {
        using SigningKey key = SigningKey.Generate();
        using var store = new FleetStore(_folder["fleet.db"]);
        var logic = new FleetLogic(store, key, "edge", null, TimeProvider.System);
        (DeviceMessageKind Kind, byte[] Bytes)[] good =
        [
            (DeviceMessageKind.Reported, new ReportedState { Time = DateTimeOffset.UnixEpoch, Counter = 1, Boot = "b", Sequence = 1, RuntimeVersion = "1", Packages = [new PackageReport { Name = "m", Phase = UpdatePhase.Trial, Running = null, RunningManifest = new string('a', 64), Error = "e" }] }.ToUtf8()),
            (DeviceMessageKind.Status, new StatusMessage { State = DeviceState.Online, Version = "1", BootId = "b", Engine = "e", Time = DateTimeOffset.UnixEpoch }.ToUtf8()),
            (DeviceMessageKind.Health, """
                {"time":"2026-01-01T00:00:00Z","uptimeSeconds":1,"version":"1","engine":"e","ok":true,"problems":["hot"],
                 "machine":{"cpuPercent":0,"cores":1,"rssMB":1,"peakRssMB":1,"baselineRssMB":null,"temperatureCelsius":null,"throttled":null,"diskFreeMB":null},
                 "mqtt":null,"config":{"reloads":0,"error":null},"pipelines":[]}
                """u8.ToArray()),
        ];
        var random = new Random(_seed);
        for (int i = 0; i < Cases; i++)
        {
            (DeviceMessageKind kind, byte[] bytes) = good[i % good.Length];
            string device = random.Next(10) == 0 ? Encoding.Latin1.GetString(Damage("cam-1"u8.ToArray(), random)) : "cam-1";
            try
            {
                FleetLeader.Parse(new DeviceMessage(kind, device, Damage(bytes, random)))(logic);
            }
            catch (InputException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"case {i} of seed {_seed}, {kind}: {e}");
            }
            if (i % 100 == 0)
            {
                logic.Save();
            }
        }
        logic.Save();
        // What was taken can be read again.
        _ = new FleetLogic(store, key, "edge", null, TimeProvider.System);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        for (int changes = 1 + random.Next(3); changes > 0 && bytes.Length > 0; changes--)
        {
            int at = random.Next(bytes.Length);
            int length = Math.Min(random.Next(32), bytes.Length - at);
            bytes = random.Next(4) switch
            {
                0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                1 => bytes[..at],
                2 => [.. bytes[..(at + length)], .. bytes[at..]],
                _ => [.. bytes[..at], .. "0123456789{}[]\",:-e."u8.Slice(random.Next(20), 1), .. bytes[(at + 1)..]],
            };
        }
        return bytes;
    }
}
