using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Chaos;
using Edge.Foundation;

// Random histories of the rollout engine, and proof that a broken server is noticed. Other parts of the fleet write their own
// fields into the same file: what is there stays.
long histories = 1_000_000;
ulong seed = 1;
int threads = Environment.ProcessorCount;
string? json = null;
string[] also = [];
for (int i = 0; i + 1 < args.Length; i += 2)
{
    bool isGood = args[i] switch
    {
        "--histories" => long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out histories),
        "--seed" => ulong.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        "--threads" => int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out threads),
        "--also" => (also = args[i + 1].Split(',')).Length > 0,
        "--json" => (json = args[i + 1]).Length > 0,
        _ => false,
    };
    if (!isGood)
    {
        Console.Error.WriteLine("usage: chaos [--histories N] [--seed N] [--threads N] [--also FILE,FILE…] [--json FILE]");
        return ExitCode.BadInput;
    }
}
var clock = Stopwatch.StartNew();
ChaosResult result = Player.Play(histories, seed, Flaw.None, threads);
double seconds = clock.Elapsed.TotalSeconds;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Histories:N0} histories, {result.Events:N0} events, {result.Crashes:N0} server crashes: {result.Failures} failures ({result.Histories / seconds:N0} histories/s on {threads} threads)"));
Console.WriteLine($"ended {string.Join(", ", result.Ends.Select(end => string.Create(CultureInfo.InvariantCulture, $"{end.Key} {end.Value:N0}")))}");
if (result.FirstFailure is not null)
{
    Console.WriteLine($"first failure: {result.FirstFailure}");
    foreach ((string invariant, long times) in result.Broken.OrderByDescending(item => item.Value))
    {
        Console.WriteLine($"  {times} times: {invariant}");
    }
}
int missed = 0;
foreach (Flaw flaw in Enum.GetValues<Flaw>().Where(flaw => flaw != Flaw.None))
{
    ChaosResult broken = Player.Play(200_000, seed, flaw, threads, stopAtFailure: true);
    missed += broken.Failures == 0 ? 1 : 0;
    Console.WriteLine($"  broken on purpose, {flaw}: {broken.FirstFailure ?? "NOT NOTICED"}");
}
if (json is not null)
{
    JsonObject report = File.Exists(json) ? JsonNode.Parse(File.ReadAllText(json))!.AsObject() : [];
    report["randomHistories"] = result.Histories;
    report["invariantFailures"] = result.Failures;
    report["historyEvents"] = result.Events;
    report["historyServerCrashes"] = result.Crashes;
    report["historiesPerSecond"] = Math.Round(result.Histories / seconds);
    report["historyThreads"] = threads;
    report["flawsTried"] = Enum.GetValues<Flaw>().Length - 1;
    report["flawsMissed"] = missed;
    // What other programs have found; the last one's word counts.
    foreach (string file in also)
    {
        foreach ((string name, JsonNode? value) in JsonNode.Parse(File.ReadAllText(file))!.AsObject())
        {
            report[name] = value?.DeepClone();
        }
    }
    AtomicFile.WriteAllText(json, report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
}
return result.Failures == 0 && missed == 0 ? ExitCode.Success : ExitCode.Failure;
