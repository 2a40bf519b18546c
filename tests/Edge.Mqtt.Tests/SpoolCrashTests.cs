using System.Diagnostics;
using System.Globalization;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

/// <summary>A process that publishes through a spool is killed again and again while the broker comes and goes.</summary>
public sealed class SpoolCrashTests
{
    private const int Kills = 20;

    [Fact]
    public void Kill_TwentyTimesAtRandomMoments_NoEventIsLostAndOrderIsKept()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        using MosquittoBroker broker = MosquittoBroker.StartNew(Consumer.BrokerSettings);
        using var consumer = new Consumer(broker, "harness/#");
        long durable = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            bool isAway = kill % 4 is 1 or 2;
            if (isAway && kill % 4 == 1)
            {
                broker.Stop();
            }
            else if (!isAway && kill % 4 == 3)
            {
                broker.Start();
            }
            durable = Math.Max(durable, RunAndKill(broker, folder["spool"], random));
        }
        using (Process last = Start(broker, folder["spool"], resultsAnEvent: 0))
        {
            Wait.Until(() => consumer.Last("harness/event") >= durable, TimeSpan.FromMinutes(1), () => $"events up to {durable} are on the disk, {consumer.Last("harness/event")} came (seed {seed})");
            last.Kill();
            last.WaitForExit();
        }
        Assert.True(durable > Kills, $"only {durable} events were on the disk");
        IReadOnlyList<(string Boot, long Number, string Content)> events = consumer.Messages("harness/event");
        // Dense over all processes: none is lost; first comings rise: the order is kept.
        long[] distinct = [.. events.Select(message => message.Number).Distinct()];
        Assert.Equal(Enumerable.Range(1, distinct.Length).Select(i => (long)i), distinct);
        Assert.Equal(distinct.Length, events.Count);
        Assert.All(events, message => Assert.Equal($"\"event\":{message.Number}", message.Content));
        foreach (IGrouping<string, (string Boot, long Number, string Content)> boot in consumer.Messages("harness/result").GroupBy(message => message.Boot))
        {
            long[] numbers = [.. boot.Select(message => message.Number)];
            Assert.Equal(Enumerable.Range(0, numbers.Length).Select(i => numbers[0] + i), numbers);
        }
        Assert.True(consumer.Count("harness/result") > Kills, "results came too");
    }

    /// <summary>Runs until some events are durable, a random while longer, and kills.</summary>
    /// <returns>The last event that was said to be durable.</returns>
    private static long RunAndKill(MosquittoBroker broker, string spool, Random random)
    {
        using Process process = Start(broker, spool, resultsAnEvent: 5);
        int lines = random.Next(2, 30);
        long durable = 0;
        while (lines-- > 0 && process.StandardOutput.ReadLine() is { } line)
        {
            durable = Number(line);
        }
        // Between two lines as well: a moment that the process does not choose.
        Thread.SpinWait(random.Next(2_000_000));
        process.Kill();
        process.WaitForExit();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            durable = line.StartsWith("durable ", StringComparison.Ordinal) && line.Length > 8 ? Math.Max(durable, Number(line)) : durable;
        }
        string errors = process.StandardError.ReadToEnd();
        Assert.True(errors.Length == 0, errors);
        return durable;
    }

    private static long Number(string line) => long.Parse(line["durable ".Length..], CultureInfo.InvariantCulture);

    private static Process Start(MosquittoBroker broker, string spool, int resultsAnEvent) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "Edge.Mqtt.Harness.dll"), $"{broker.Port}", spool, $"{resultsAnEvent}"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
