using System.CommandLine;
using System.Text.Json;
using Edge.Benchmarks.Training;
using Edge.Foundation;
using Edge.Tool;
using Edge.Torch;
using Edge.Training;
using Edge.Training.Data;

const double TargetRatio = 1;
const string DataFolder = "/usr/share/datasets/fashion-mnist";
var tool = new ToolCommand("Trains nets, an epoch of each and one of python3-torch in turn, and compares the medians.");
Option<string[]> netOption = tool.Add(new Option<string[]>("--net") { Description = "only this net; may be repeated", HelpName = "NAME" }.AcceptOnlyFromAmong([.. BenchNet.All.Select(item => item.Name)]));
Option<double> scaleOption = tool.Amount("--scale", 1, "how many times the usual samples");
Option<int> runsOption = tool.Count("--runs", 3, "epochs of either side");
Option<bool> bf16 = tool.Switch("--bf16", "train in bfloat16 where the processor has it");
Option<bool> aloneOption = tool.Switch("--alone", "without python3-torch");
return tool.Run(args, parsed => RunAll(
    parsed.GetValue(netOption) is { Length: > 0 } names ? names : [.. BenchNet.All.Select(item => item.Name)],
    parsed.GetValue(runsOption),
    parsed.GetValue(scaleOption),
    parsed.GetValue(bf16) ? Precision.BFloat16 : Precision.Float32,
    parsed.GetValue(aloneOption),
    parsed.GetValue(tool.Json)));

static int RunAll(string[] names, int runs, double scale, Precision precision, bool alone, string? json)
{
    var results = new Dictionary<string, NetResult>();
    foreach (BenchNet net in BenchNet.All.Where(net => names.Contains(net.Name)))
    {
        results[net.Name] = Run(net, runs, scale, precision, alone);
    }
    if (json is not null)
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };
        AtomicFile.WriteAllText(json, JsonSerializer.Serialize(new { libtorch = Libtorch.Version, threads = Libtorch.Threads, precision = precision.ToString(), nets = results }, options) + "\n");
    }
    foreach ((string name, NetResult slow) in results.Where(item => item.Value.TorchRatio < TargetRatio))
    {
        Console.WriteLine($"{name}: ratio {slow.TorchRatio:F3}, target {TargetRatio:F1} missed");
    }
    return results.Values.Any(result => result.TorchRatio < TargetRatio) ? ExitCode.Failure : ExitCode.Success;
}

static NetResult Run(BenchNet net, int runs, double scale, Precision precision, bool alone)
{
    int samples = Math.Max(net.Batch, (int)(net.Samples * scale) / net.Batch * net.Batch);
    Dataset dataset = net.Data(samples);
    var options = new TrainerOptions { Epochs = runs + 1, BatchSize = net.Batch, ValidationFraction = 0, Precision = PrecisionSupport.Select(precision, Device.Cpu, out string? fallback), Profile = true };
    using var ours = new EpochByEpoch(new Trainer(net.Build(), dataset, options), samples);
    int threads = Libtorch.Threads;
    Console.WriteLine($"{net.Name}, Adam, batch {net.Batch}, {samples} samples an epoch, libtorch {Libtorch.Version}, {threads} threads{(fallback is null ? "" : $" ({fallback})")}");
    string reason = "";
    using TorchPeer? peer = alone ? null : TorchPeer.Start(net.Name, DataFolder, samples, net.Batch, threads, out reason);
    if (peer is null && !alone)
    {
        Console.WriteLine(reason);
    }
    _ = ours.Train();
    _ = peer?.Train();
    var mine = new List<EpochFigures>();
    var theirs = new List<EpochFigures>();
    for (int run = 0; run < runs; run++)
    {
        mine.Add(ours.Train());
        Console.WriteLine($"  edge          {mine[^1].SamplesPerSecond,8:F0} samples/s   loss {mine[^1].Loss:F4}   {ours.AllocatedPerStep:F0} managed bytes a step");
        if (peer is not null)
        {
            theirs.Add(peer.Train());
            Console.WriteLine($"  python3-torch {theirs[^1].SamplesPerSecond,8:F0} samples/s   loss {theirs[^1].Loss:F4}");
        }
    }
    double? ratio = peer is null ? null : Median(mine) / Median(theirs);
    TrainingProfile profile = ours.Finish();
    // Between two epochs the trainer waits for the other side; that counts as other, and is left out.
    double all = profile.Phases.Where(phase => phase.Key is not TrainingPhase.Other).Sum(phase => phase.Value.TotalSeconds);
    Dictionary<string, double> shares = profile.Phases.Where(phase => phase.Key is not TrainingPhase.Other).ToDictionary(phase => phase.Key.ToString().ToLowerInvariant(), phase => phase.Value.TotalSeconds / all);
    OperatorShare[] operators = [.. profile.Operators.Take(8).Select(item => new OperatorShare(item.Operator, item.Time.TotalSeconds / all, item.Backward.TotalSeconds / all))];
    Console.WriteLine(ratio is null
        ? $"  median: edge {Median(mine):F0} samples/s"
        : $"  median: edge {Median(mine):F0}, python3-torch {peer!.Version} {Median(theirs):F0} samples/s, ratio {ratio:F3}");
    Console.WriteLine($"  time: {string.Join(", ", shares.Where(share => share.Value > 0.005).Select(share => $"{share.Key} {share.Value:P0}"))}; forward + backward: {string.Join(", ", operators.Take(5).Select(item => $"{item.Operator} {item.Forward:P0} + {item.Backward:P0}"))}");
    return new NetResult(
        net.Batch, samples, Median(mine), peer is null ? null : Median(theirs), ratio, ours.AllocatedPerStep, shares, operators,
        mine.ConvertAll(figures => figures.SamplesPerSecond), theirs.ConvertAll(figures => figures.SamplesPerSecond));
}

static double Median(List<EpochFigures> figures)
{
    List<double> sorted = figures.ConvertAll(figure => figure.SamplesPerSecond);
    sorted.Sort();
    int middle = sorted.Count / 2;
    return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
