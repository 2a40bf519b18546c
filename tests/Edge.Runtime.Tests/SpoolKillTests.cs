using System.Globalization;
using System.Text.Json;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>
/// A real edge-runtime with a spool is killed at random moments, with the broker there, away for many results, and back. `make spool`
/// gives it 100,000 results, twenty kills and the native program.
/// </summary>
public sealed class SpoolKillTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private const string Results = "edge/spool/level/result";
    private const string Events = "edge/spool/level/event";
    private const int Period = 50;
    private const int ResultBytes = 300;

    /// <summary>What SQLite keeps beside what was asked for: its log between two checkpoints, and the pages of the largest transaction.</summary>
    private const long LogBytes = 8_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly int Wanted = Number("EDGE_SPOOL_RESULTS", 2000);
    private static readonly int Kills = Number("EDGE_SPOOL_KILLS", 4);
    private static readonly string? Report = Environment.GetEnvironmentVariable("EDGE_SPOOL_JSON");

    private readonly TestModel _model = fixture.Model;

    [Fact]
    public void Kill_BrokerAwayForManyResults_NothingOnTheDiskIsLostAndOrderIsKept()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        using MosquittoBroker broker = MosquittoBroker.StartNew(Consumer.BrokerSettings);
        using var consumer = new Consumer(broker, "edge/spool/level/#");
        (string config, string spool, string produced) = Prepare("kill", broker.Port, 1L << 30);
        int there = Math.Max(1, Kills / 6);
        int back = Math.Max(1, Kills / 6);
        int away = Kills - there - back;
        var promised = new HashSet<(string Topic, string Boot, long Number)>();
        for (int i = 0; i < there; i++)
        {
            RunAndKill(config, produced, Wanted / away, random);
            promised.UnionWith(SpoolFile.Read(spool));
        }
        consumer.CatchUp("edge/spool/level/mark");
        broker.Save();
        broker.Kill();
        int before = Lines(produced);
        while (Lines(produced) - before < Wanted || away > 0)
        {
            RunAndKill(config, produced, Wanted / Math.Max(1, Kills - there - back), random);
            promised.UnionWith(SpoolFile.Read(spool));
            away--;
        }
        int kept = Lines(produced) - before;
        int all = promised.Count;
        broker.Start();
        Pause(config);
        for (int i = 0; i < back; i++)
        {
            KillWhileSending(config, consumer, random, all / (4 * back));
            promised.UnionWith(SpoolFile.Read(spool));
        }
        using (RuntimeProcess last = RuntimeProcess.Start("run", "--config", config, "--log", "warning"))
        {
            Wait.Until(() => promised.All(message => consumer.Has(message.Topic, message.Boot, message.Number)), Patience,
                () => $"{promised.Count(message => !consumer.Has(message.Topic, message.Boot, message.Number))} of {promised.Count} messages that were on the disk did not come (seed {seed})");
            last.Signal("TERM");
            Assert.Equal(0, last.WaitForExit());
        }
        Assert.Empty(SpoolFile.Read(spool));
        int gaps = 0;
        // The numbers of events go on over boots, and none is missing in all of them.
        long[] events = [.. consumer.Messages(Events).Select(message => message.Number)];
        gaps += events.Zip(Enumerable.Range(1, events.Length)).Count(pair => pair.First != pair.Second);
        foreach (IGrouping<string, (string Boot, long Number, string Content)> boot in consumer.Messages(Results).GroupBy(message => message.Boot))
        {
            long[] numbers = [.. boot.Select(message => message.Number)];
            gaps += numbers.Zip(Enumerable.Range(0, numbers.Length)).Count(pair => pair.First != numbers[0] + pair.Second);
        }
        Write("kill", new
        {
            seed,
            kills = Kills - (away < 0 ? away : 0),
            resultsWithBrokerAway = kept,
            onDiskAtKills = promised.Count,
            lost = promised.Count(message => !consumer.Has(message.Topic, message.Boot, message.Number)),
            received = consumer.Count(Results) + consumer.Count(Events),
            events = events.Length,
            outOfOrderOrMissing = gaps,
            cameAgain = consumer.Duplicates,
            cameAgainWithOtherContent = consumer.Contradictions,
        });
        Assert.Equal((0, 0), (gaps, consumer.Contradictions));
        Assert.True(events.Length > Kills, $"{events.Length} events");
    }

    [Fact]
    public void Kill_SpoolFull_SizeIsBoundedAndEveryEventIsKept()
    {
        const long Maximum = 1_000_000;
        using MosquittoBroker broker = new(Consumer.BrokerSettings);
        (string config, string spool, string produced) = Prepare("bound", broker.Port, Maximum);
        var random = new Random(11);
        long largest = 0;
        var events = new HashSet<long>();
        while (Lines(produced) < Wanted)
        {
            largest = Math.Max(largest, RunAndKill(config, produced, Wanted / 3, random, spool));
            events.UnionWith(SpoolFile.Read(spool).Where(message => message.Topic == Events).Select(message => message.Number));
        }
        List<(string Topic, string Boot, long Number)> held = SpoolFile.Read(spool);
        long[] numbers = [.. held.Where(message => message.Topic == Results).Select(message => message.Number)];
        Write("bound", new { maximumBytes = Maximum, results = Lines(produced), largestBytesOnDisk = largest, eventsWritten = events.Count, eventsHeld = held.Count(message => message.Topic == Events), resultsHeld = numbers.Length });
        Assert.InRange(largest, 1, (2 * Maximum) + LogBytes);
        // The oldest results made room, and no event did.
        Assert.Equal(events.Order(), held.Where(message => message.Topic == Events).Select(message => message.Number));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Order());
        Assert.Equal(Enumerable.Range(0, numbers.Length).Select(i => numbers[0] + i), numbers);
    }

    [Fact]
    public void Run_WithAndWithoutSpool_EveryResultArrives()
    {
        int rows = Math.Max(Wanted / 2, 1000);
        using MosquittoBroker broker = MosquittoBroker.StartNew(Consumer.BrokerSettings);
        using var consumer = new Consumer(broker, "edge/spool/level/#");
        var rates = new Dictionary<string, double>();
        int rounds = Report is null ? 2 : 6;
        for (int round = 0; round < rounds; round++)
        {
            string name = round % 2 == 0 ? "withoutSpool" : "withSpool";
            (string config, _, _) = Prepare($"rate{round}", broker.Port, round % 2 == 0 ? 0 : 1L << 30, rows);
            string stats = _model.Folder[$"rate{round}.stats.json"];
            (int exitCode, _, string errors) = RuntimeProcess.Run("run", "--config", config, "--log", "warning", "--stats", stats);
            Assert.True(exitCode == 0, errors);
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
            rates[name] = Math.Max(rates.GetValueOrDefault(name), json.RootElement.GetProperty("pipelines")[0].GetProperty("imagesPerSecond").GetDouble());
        }
        consumer.CatchUp("edge/spool/level/mark");
        Assert.Equal(rounds * rows, consumer.Count(Results));
        Assert.Equal(0, consumer.Duplicates);
        Write("resultsPerSecond", new { rows, withoutSpool = rates["withoutSpool"], withSpool = rates["withSpool"], ratio = Math.Round(rates["withSpool"] / rates["withoutSpool"], 3) });
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    private static int Lines(string path) => File.Exists(path) ? File.ReadLines(path).Count() : 0;

    /// <summary>About how many results were made: quick, for the pace.</summary>
    private static long Produced(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length / ResultBytes : 0;
    }

    /// <summary>Runs until so many results were made, a random while longer, and kills.</summary>
    /// <returns>The most bytes that the spool had meanwhile.</returns>
    private static long RunAndKill(string config, string produced, int results, Random random, string? spool = null)
    {
        long goal = Produced(produced) + Math.Max(1, (int)(results * (0.7 + (0.6 * random.NextDouble()))));
        long largest = 0;
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config, "--log", "warning");
        Wait.Until(
            () =>
            {
                largest = Math.Max(largest, spool is null ? 0 : SpoolFile.Bytes(spool));
                return runtime.HasExited || Produced(produced) >= goal;
            },
            Patience,
            () => $"edge-runtime makes no results: {runtime.Errors}");
        Assert.False(runtime.HasExited, runtime.Errors);
        Thread.SpinWait(random.Next(2_000_000));
        // Disposing kills it.
        return largest;
    }

    private static void KillWhileSending(string config, Consumer consumer, Random random, int messages)
    {
        int goal = consumer.Count(Results) + Math.Max(1, (int)(messages * (0.5 + random.NextDouble())));
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config, "--log", "warning");
        Wait.Until(() => runtime.HasExited || consumer.Count(Results) >= goal, Patience, () => $"edge-runtime sends nothing: {runtime.Errors}");
        Assert.False(runtime.HasExited, runtime.Errors);
        Thread.SpinWait(random.Next(2_000_000));
    }

    private static void Pause(string config) => File.WriteAllText(config, File.ReadAllText(config).Replace("\"enabled\": true", "\"enabled\": false", StringComparison.Ordinal));

    /// <summary>Writes a configuration whose pipeline makes results as fast as it can.</summary>
    /// <param name="name">The beginning of its files' names.</param>
    /// <param name="port">The broker's.</param>
    /// <param name="maximum">The spool's bytes; 0 for no spool.</param>
    /// <param name="rows">Rows of the table; 0 for one that has no end.</param>
    private (string Config, string Spool, string Produced) Prepare(string name, int port, long maximum, int rows = 0)
    {
        string package = SensorPackage.Write(_model, $"level-{name}");
        string table = SensorPackage.WriteTable(_model, $"{name}.csv", rows == 0 ? 10 * Period : rows, Period);
        (string spool, string produced, string config) = (_model.Folder[$"{name}.spool"], _model.Folder[$"{name}.jsonl"], _model.Folder[$"{name}.json"]);
        string sinks = rows == 0 ? $$"""[{ "type": "mqtt" }, { "type": "file", "path": "{{produced}}", "content": "results", "maxBytes": 1000000000000 }]""" : """[{ "type": "mqtt" }]""";
        File.WriteAllText(config, $$"""
            {
              "device": "spool", "broker": { "host": "127.0.0.1", "port": {{port}} }, "trustedKeys": ["maker.key.pub"],
              {{(maximum == 0 ? "" : $$"""  "spool": { "path": "{{spool}}", "maximumBytes": {{maximum}}, "replayPerSecond": 0 },""")}}
              "pipelines": [{ "name": "level", "package": "{{Path.GetFileName(package)}}", "enabled": true, "source": { "type": "csv", "path": "{{table}}", "loop": {{(rows == 0 ? "true" : "false")}} }, "sinks": {{sinks}} }]
            }
            """);
        return (config, spool, produced);
    }

    /// <summary>Adds a part to the report, where one is wanted.</summary>
    private static void Write(string part, object figures)
    {
        string text = JsonSerializer.Serialize(figures);
        TestContext.Current.SendDiagnosticMessage($"{part}: {text}");
        if (Report is not null)
        {
            File.AppendAllText(Report + ".parts", $"\"{part}\":{text}\n");
        }
    }
}
