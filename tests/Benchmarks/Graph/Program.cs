using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Benchmarks.Graph;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Inference;
using Edge.Graph.Passes;
using Edge.Tool;

var tool = new ToolCommand("Loads, verifies, infers and cleans generated graphs of growing size: the time must grow as the graph does.");
Option<int[]> nodesOption = tool.Add(new Option<int[]>("--nodes") { Description = "sizes, the smallest first", HelpName = "N", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10_000, 20_000, 40_000, 50_000] });
Option<int> runsOption = tool.Count("--runs", 3, "runs of every size");
Option<bool> eachPass = tool.Switch("--each-pass", "say what every pass takes");
return tool.Run(args, parsed => Run(parsed.GetRequiredValue(nodesOption), parsed.GetValue(runsOption), parsed.GetValue(eachPass), parsed.GetValue(tool.Json)));

static int Run(int[] sizes, int runs, bool isEachPass, string? json)
{
    NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
    string[] stages = ["load", "verify", "infer", "clean", "edits"];
    for (int warmUp = 0; warmUp < 3; warmUp++)
    {
        _ = Measure(GeneratedModel.Make(5_000).ToBytes());
    }
    var rows = new List<(int Nodes, int After, long Bytes, double[] Seconds, double BytesPerNode)>();
    Console.WriteLine($"{"nodes",8} {"after",8} {string.Concat(stages.Select(stage => $"{stage + " s",10}"))} {"sum s",10} {"allocated a node by load, verify, infer",12}");
    foreach (int size in sizes)
    {
        byte[] bytes = GeneratedModel.Make(size).ToBytes();
        var measured = Enumerable.Range(0, runs).Select(_ => Measure(bytes, isEachPass)).ToArray();
        double[] least = [.. stages.Select((_, stage) => measured.Min(run => run.Seconds[stage]))];
        rows.Add((measured[0].Nodes, measured[0].After, bytes.Length, least, (double)measured[0].Allocated / measured[0].Nodes));
        Console.WriteLine($"{rows[^1].Nodes,8} {rows[^1].After,8} {string.Concat(least.Select(seconds => $"{seconds,10:F3}"))} {least.Sum(),10:F3} {rows[^1].BytesPerNode,12:F0} bytes");
    }
    // Linear is 2; each size is held against the smallest one, since neighbours lie too near each other for a busy machine.
    double[] growth = [.. rows.Skip(1).Select(row => Math.Pow(row.Seconds.Sum() / rows[0].Seconds.Sum(), 1 / Math.Log2((double)row.Nodes / rows[0].Nodes)))];
    Console.WriteLine($"time for twice the nodes, from {rows[0].Nodes} on (2 is linear): {string.Join(", ", growth.Select(item => item.ToString("F2", CultureInfo.InvariantCulture) + " ×"))}");
    if (json is not null)
    {
        AtomicFile.WriteAllText(json, JsonSerializer.Serialize(new
        {
            rows = rows.Select(row => new { nodes = row.Nodes, nodesAfter = row.After, bytes = row.Bytes, seconds = row.Seconds.Sum(), stages = stages.Zip(row.Seconds).ToDictionary(pair => pair.First, pair => pair.Second), allocatedPerNode = row.BytesPerNode }),
            growthPerDoubling = growth,
        }) + "\n");
    }
    return ExitCode.Success;
}

static (int Nodes, int After, double[] Seconds, long Allocated) Measure(byte[] bytes, bool isEachPass = false)
{
    var seconds = new List<double>();
    void Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
    OnnxModel model = null!;
    long before = GC.GetAllocatedBytesForCurrentThread();
    Time(() => model = OnnxModel.Parse(bytes));
    Time(() => ModelVerifier.ThrowIfInvalid(model, "generated model"));
    Time(() => ShapeInference.Run(model));
    long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    int nodes = model.Graph.Nodes.Count;
    if (isEachPass)
    {
        foreach (IGraphPass pass in PassPipeline.ForDeployment.Passes)
        {
            long start = Stopwatch.GetTimestamp();
            int changes = pass.Run(model);
            Console.WriteLine($"    {Stopwatch.GetElapsedTime(start).TotalSeconds,8:F3} s {changes,8} × {pass.Name}");
        }
    }
    Time(() => PassPipeline.ForDeployment.Run(model));
    int after = model.Graph.Nodes.Count;
    OnnxModel edited = OnnxModel.Parse(bytes);
    Time(() => GraphEdits.Run(edited));
    return (nodes, after, [.. seconds], allocated);
}
