using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;

namespace Edge.Agent.Tests;

/// <summary>Broker and network break in the middle of a download, again and again; EDGE_CHAOS=1 does so 100 times.</summary>
public sealed class InterruptionTests : IDisposable
{
    private const int CutsPerBroker = 5;

    // Twice a chunk between two cuts, so that some of them hit the same chunk twice.
    private const int MeanBytes = 128 << 10;

    private static readonly int Cuts = Figures.IsFull ? 100 : 15;

    private readonly ITestOutputHelper _output;
    private readonly TestFleet _fleet;

    public InterruptionTests(ITestOutputHelper output) => (_output, _fleet) = (output, new TestFleet(isPlain: true, modelBytes: 3 * Cuts * MeanBytes));

    [Fact]
    public async Task Fetch_CutAgainAndAgain_EveryChunkComesAtMostOnceMoreThanNeeded()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> had = _fleet.Open(_fleet.Folder["factory.edgepkg"]).Blobs;
        Dictionary<string, int> needed = two.Blobs.Where(blob => !had.ContainsKey(blob.Key)).ToDictionary(blob => Topics.Blob("edge", blob.Key), blob => blob.Value.Length);
        int seed = Environment.TickCount;
        using var network = new CuttingProxy(_fleet.Broker.Port, Cuts, MeanBytes, seed);
        using var device = new TestDevice(_fleet, port: network.Port);
        _fleet.Ask(_fleet.State(two.Release));
        int brokers = 0;
        while (network.Cuts < Cuts)
        {
            int next = Math.Min(Cuts, (brokers + 1) * CutsPerBroker);
            device.WaitFor(_ => network.Cuts >= next);
            _fleet.Broker.Kill();
            _fleet.Broker.Start();
            brokers++;
            // A broker without a disk has forgotten everything.
            await _fleet.PublishAsync(_fleet.Folder["r2.edgepkg"]);
        }
        device.WaitFor(UpdatePhase.Committed, 2);

        long bytes = needed.Values.Sum();
        KeyValuePair<string, int>[] arrivals = [.. network.Arrivals.Where(arrival => needed.ContainsKey(arrival.Key))];
        long arrived = arrivals.Sum(arrival => (long)arrival.Value * needed[arrival.Key]);
        string figures = $"{Cuts} cuts and {brokers} brokers killed (seed {seed}): {needed.Count} chunks, {arrivals.Sum(arrival => arrival.Value)} arrivals, the most of one {arrivals.Max(arrival => arrival.Value)}; {bytes} bytes needed, {arrived} in whole chunks, {network.Bytes} on the wire";
        _output.WriteLine(figures);
        Figures.Tell(_output, ("downloadCuts", Cuts + brokers), ("downloadMostFetches", arrivals.Max(arrival => arrival.Value)), ("downloadBytesRatio", Math.Round((double)network.Bytes / bytes, 3)));
        Assert.Equal(needed.Count, arrivals.Length);
        Assert.True(arrivals.All(arrival => arrival.Value <= 2), figures);
        Assert.True(network.Bytes <= 2 * bytes, figures);
        Assert.InRange(device.Report.BytesFetched, bytes, 2 * bytes);
    }

    public void Dispose() => _fleet.Dispose();
}
