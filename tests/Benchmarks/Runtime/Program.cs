using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Edge.Benchmarks.Runtime;
using Edge.Foundation;
using Edge.Tool;

// Everything is measured in turns, round after round; of the rounds the best counts, for every program alike, since whatever else
// the machine does can only make a round slower.
var tool = new ToolCommand("edge-runtime beside the bare engine, Node and OpenCV.");
Option<int> roundsOption = tool.Count("--rounds", 5, "rounds of every program");
Option<int> framesOption = tool.Count("--frames", 400, "frames of a pipelined run");
Option<double> secondsOption = tool.Amount("--seconds", 5, "seconds of a sequential run");
return tool.Run(args, parsed => Run(parsed.GetValue(roundsOption), parsed.GetValue(framesOption), parsed.GetValue(secondsOption), parsed.GetValue(tool.Json)));

static int Run(int rounds, int frames, double seconds, string? json)
{
    string root = Root();
    string runtime = Path.Combine(root, "out", "bin", "edge-runtime");
    Workload work = Workload.Prepare(root, Path.Combine(root, "out", "bench-runtime"), frames);
    var peers = new Peers(root);
    bool node = peers.HasNode && work.Onnx is not null, openCv = peers.HasOpenCv && work.Onnx is not null;
    Console.WriteLine($"{work.Name}, {rounds} rounds of {frames} frames{(node ? "" : "; without Node (make peers; node and npm)")}{(openCv ? "" : "; without OpenCV (apt-get install -y --no-install-recommends python3-opencv)")}");
    List<OwnFigures> own = [];
    List<PeerFigures> nodes = [], openCvs = [];
    List<double> openCvPreprocess = [], openCvPreprocess1 = [];
    using var preprocess = new PreprocessRuns();
    for (int round = 0; round < rounds; round++)
    {
        own.Add(OwnFigures.Measure(runtime, work, seconds, frames));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  edge-runtime  {own[^1].PipelinedFps,7:F1} frames/s pipelined, {own[^1].PipelinedCpuMs:F1} ms of processor a frame; one after the other {own[^1].SequentialP50:F2} ms, bare engine {own[^1].BareP50:F2} ms"));
        if (node)
        {
            nodes.Add(peers.Node(work, frames, atOnce: 1 + (round % 2)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  node          {nodes[^1].Fps,7:F1} frames/s, {nodes[^1].CpuMs:F1} ms of processor a frame"));
        }
        if (openCv)
        {
            openCvs.Add(peers.OpenCv(work, Math.Max(frames / 4, 1)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  opencv        {openCvs[^1].Fps,7:F1} frames/s, {openCvs[^1].CpuMs:F1} ms of processor a frame"));
            openCvPreprocess.AddRange(peers.OpenCvPreprocess(50, threads: 2));
            openCvPreprocess1.AddRange(peers.OpenCvPreprocess(50, threads: 1));
        }
        preprocess.Run(50);
    }
    double engineCpu = own.Min(o => o.EngineCpuMs), decodeCpu = own.Min(o => o.DecodeCpuMs);
    double bare = own.Min(o => o.BareP50), sequential = own.Min(o => o.SequentialP50);
    double limit = 2000 / (engineCpu + decodeCpu), pipelined = own.Max(o => o.PipelinedFps);
    double? nodeFps = Best(nodes, p => -p.Fps) * -1, openCvFps = Best(openCvs, p => -p.Fps) * -1;
    var report = new
    {
        workload = work.Name,
        rounds,
        frames,
        sequentialP50Ms = sequential,
        bareP50Ms = bare,
        sequentialRatio = Median(own.ConvertAll(o => o.SequentialP50 / o.BareP50)),
        pipelinedFps = pipelined,
        limitFps = limit,
        pipelinedShare = pipelined / limit,
        bareEngineCpuMs = engineCpu,
        bareDecodeCpuMs = decodeCpu,
        pipelinedCpuMs = own.Min(o => o.PipelinedCpuMs),
        pipelinedCpuShare = (engineCpu + decodeCpu) / own.Min(o => o.PipelinedCpuMs),
        rssMB = own.Min(o => o.PeakRssMB),
        rssGrowthMB = own.Max(o => o.RssGrowthMB),
        firstResultMs = own.Min(o => o.FirstResultMs),
        bareSessionMs = own.Min(o => o.BareSessionMs),
        firstResultOverBareSession = own.Min(o => o.FirstResultMs) / own.Min(o => o.BareSessionMs),
        allocatedBytesPerFrame = own.Max(o => Math.Max(o.AllocatedBytes, double.IsNaN(o.PipelinedAllocatedBytes) ? 0 : o.PipelinedAllocatedBytes)),
        results = own[0].Results,
        nodeFps,
        nodeRssMB = Best(nodes, p => p.PeakRssMB),
        nodeFirstResultMs = Best(nodes, p => p.FirstResultMs),
        nodeCpuMs = Best(nodes, p => p.CpuMs),
        nodeVersions = nodes.Count > 0 ? nodes[0].Versions : null,
        openCvVersions = openCvs.Count > 0 ? openCvs[0].Versions : null,
        opencvFps = openCvFps,
        opencvCpuMs = Best(openCvs, p => p.CpuMs),
        fpsOverNode = pipelined / nodeFps,
        fpsOverOpenCv = pipelined / openCvFps,
        preprocessPhotoMs = own.Min(o => o.PreprocessP50),
        preprocess1080Ms = Median(preprocess.OwnMs),
        preprocess1080BestMs = preprocess.OwnMs.Min(),
        preprocess1080TwoThreadsBestMs = preprocess.TwoThreadsMs.Min(),
        preprocess1080GBs = preprocess.Bytes / Median(preprocess.OwnMs) / 1e6,
        copy1080Ms = Median(preprocess.CopyMs),
        copy1080GBs = preprocess.Bytes / Median(preprocess.CopyMs) / 1e6,
        opencvPreprocess1080Ms = openCvPreprocess.Count > 0 ? Median(openCvPreprocess) : (double?)null,
        opencvPreprocess1080OneThreadMs = openCvPreprocess1.Count > 0 ? Median(openCvPreprocess1) : (double?)null,
    };
    string text = JsonSerializer.Serialize(report, new JsonSerializerOptions { WriteIndented = true });
    Console.WriteLine(text);
    if (json is not null)
    {
        AtomicFile.WriteAllText(json, text + "\n");
    }
    return ExitCode.Success;
}

static double? Best(List<PeerFigures> figures, Func<PeerFigures, double> figure) => figures.Count == 0 ? null : figures.Min(figure);

static double Median(List<double> values)
{
    List<double> sorted = [.. values.Order()];
    int middle = sorted.Count / 2;
    return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

static string Root()
{
    string folder = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(folder, "Edge.sln")))
    {
        folder = Path.GetDirectoryName(folder) ?? throw new BenchException("bench-runtime runs inside a checkout; call it through make bench-runtime");
    }
    return folder;
}
