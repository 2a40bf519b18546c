using System.Globalization;
using Edge.Mqtt;
using Edge.Testing;

namespace Edge.PowerCut;

/// <summary>
/// A spool on a disk whose every write is known. After a power cut at any of them every event that was stored must reach the broker,
/// unless it had been delivered before, in order and once, and the file must be whole.
/// </summary>
/// <param name="broker">The broker; not owned.</param>
/// <param name="recorder">The machine with the spool.</param>
/// <param name="replay">Judges.</param>
/// <param name="seeds">How many ways to lose pages by chance are tried at each write.</param>
internal sealed class SpoolProof(MosquittoBroker broker, Recorder recorder, Replay replay, int seeds)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long _delivered;

    /// <summary>Plays every phase of a spool's life.</summary>
    internal IEnumerable<ProofResult> Run()
    {
        using var consumer = new EventConsumer("127.0.0.1", broker.Port, "judge");
        yield return Play(consumer, "spool without a broker", 60, "");
        yield return Play(consumer, "spool that is delivered", 40, Recorder.Broker);
        yield return Play(consumer, "spool that never syncs", 30, "", syncs: false);
    }

    private ProofResult Play(EventConsumer consumer, string name, int events, string at, bool syncs = true)
    {
        (List<(string Text, int Made)> lines, List<LoggedWrite> writes) = recorder.Run($"Edge.PowerCut.dll store {Recorder.Folder} {events} {at}", syncs);
        Assert.Equal(events, lines.Count);
        consumer.Read();
        List<(long Stored, long Delivered, int Made)> steps = lines.ConvertAll(line => (Number(line.Text, 1), Number(line.Text, 2), line.Made));
        ProofResult result = replay.Play(name, writes, syncs ? seeds : 0, (folder, made) => Judge(consumer, folder, steps, made), stopsEarly: syncs);
        _delivered = at.Length > 0 ? steps[^1].Stored : _delivered;
        return result;
    }

    private string? Judge(EventConsumer consumer, string folder, List<(long Stored, long Delivered, int Made)> steps, int made)
    {
        var told = new List<string>();
        bool isEmpty;
        using (var outbox = new Outbox(new SpoolOptions { Path = Path.Combine(folder, SpoolProgram.File), ReplayPerSecond = 0 }, told.Add))
        using (var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "dut" }))
        {
            outbox.Attach(client);
            client.Start();
            Wait.Until(() => client.State == MqttState.Connected, "a connection");
            isEmpty = outbox.Drain(Patience);
        }
        List<long> numbers = consumer.Read();
        int step = steps.FindLastIndex(item => item.Made <= made);
        long stored = step < 0 ? steps[0].Stored - 1 : steps[step].Stored;
        // What was delivered before the next line, all of it after the last one, may have left the spool by now.
        long delivered = Math.Max(_delivered, step + 1 < steps.Count ? steps[step + 1].Delivered : steps[^1].Delivered == 0 ? 0 : steps[^1].Stored);
        if (!isEmpty || told.Count > 0)
        {
            return $"the spool is not whole: {string.Join(' ', told)}";
        }
        for (long number = delivered + 1; number <= stored; number++)
        {
            if (!numbers.Contains(number))
            {
                return $"event {number} of {stored} is lost";
            }
        }
        return numbers.Distinct().Order().SequenceEqual(numbers) ? null : $"order or duplicates: {string.Join(' ', numbers)}";
    }

    private static long Number(string line, int at) => long.Parse(line.Split(' ')[at], CultureInfo.InvariantCulture);
}
