using System.CommandLine;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Edge.Conformance;
using Edge.Conformance.Models;
using Edge.Conformance.Suite;
using Edge.Conformance.Training;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Graph.Passes;
using Edge.Tool;
using Edge.Training.Ops;

var tool = new ToolCommand("Runs the ONNX node suite and the real models through everything that Edge does with a model.");
Option<string?> filterOption = tool.Text("--filter", "TEXT", "only the cases whose names hold it");
Option<bool> onlySuite = tool.Switch("--only-suite", "without the real models");
Option<bool> onlyTraining = tool.Switch("--only-training", "only the training engine");
Option<string?> operators = tool.Text("--operators", "FILE", "write what the training engine executes, and nothing else");
return tool.Run(args, parsed =>
{
    if (parsed.GetValue(operators) is { } file)
    {
        AtomicFile.WriteAllText(file, OperatorSupport.ToMarkdown(OperatorTable.Standard));
        return ExitCode.Success;
    }
    return Run(parsed.GetValue(filterOption) ?? "", parsed.GetValue(onlySuite), parsed.GetValue(onlyTraining), parsed.GetValue(tool.Json));
});

static int Run(string filter, bool isOnlySuite, bool isOnlyTraining, string? json)
{
    if (SharedFolder.Path is not { } shared)
    {
        Console.WriteLine(SharedFolder.Absent);
        return ExitCode.Success;
    }
    NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
    IReadOnlyList<NodeCase> cases = [.. NodeSuite.Read(shared).Where(item => item.Name.Contains(filter, StringComparison.Ordinal))];
    (string Name, TrainingOutcome Outcome)[] training = RunTraining(cases);
    var trainingRefused = training.Where(item => item.Outcome.Verdict == TrainingVerdict.Refused).Select(item => new { name = item.Name, reason = item.Outcome.Reason }).ToArray();
    int trainingExecuted = training.Count(item => item.Outcome.Verdict == TrainingVerdict.Right);
    int trainingWrong = training.Count(item => item.Outcome.Verdict == TrainingVerdict.Wrong);
    if (isOnlyTraining)
    {
        return ExitCode.Success;
    }
    long started = Stopwatch.GetTimestamp();
    List<(string Name, CaseOutcome Outcome)> outcomes = RunSuite(cases);
    var exceptions = outcomes.Where(item => !item.Outcome.Passed).Select(item => new { name = item.Name, reason = string.Join("; ", item.Outcome.Reasons) }).ToArray();
    var upgradeRefused = outcomes.SelectMany(item => item.Outcome.Refusals.Select(reason => new { name = item.Name, reason })).ToArray();
    int Count(Func<CaseOutcome, bool> holds) => outcomes.Count(item => holds(item.Outcome));
    var suite = new
    {
        cases = outcomes.Count,
        loaded = Count(outcome => outcome.Loaded),
        verified = Count(outcome => outcome.Verified),
        inferred = Count(outcome => outcome.Inferred),
        savedAndLoadedPassed = Count(outcome => outcome.RoundTripped),
        rewritten = Count(outcome => outcome.Rewrites > 0),
        cleanedPassed = Count(outcome => outcome.CleanedPassed),
        upgraded = Count(outcome => outcome.IsUpgraded),
        upgradedPassed = Count(outcome => outcome.IsUpgraded && outcome.UpgradedPassed),
        roundTripPassed = Count(outcome => outcome.Passed),
    };
    foreach (var exception in exceptions)
    {
        Console.WriteLine($"  {exception.name}: {exception.reason}");
    }
    foreach (var refusal in upgradeRefused)
    {
        Console.WriteLine($"  not applicable: {refusal.name}: {refusal.reason}");
    }
    Console.WriteLine(
        $"{suite.cases} cases: {suite.loaded} loaded, {suite.verified} verified, {suite.inferred} inferred, {suite.savedAndLoadedPassed} saved, loaded and still passing, "
        + $"{suite.rewritten} rewritten, {suite.cleanedPassed} cleaned and still passing, {suite.upgradedPassed} of {suite.upgraded} upgraded and still passing; "
        + $"{suite.roundTripPassed} passed everything, {exceptions.Length} exceptions, {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    List<ModelReport> models = [];
    object? ultraFace = null;
    if (!isOnlySuite)
    {
        models = RunModels(shared);
        ultraFace = CompareTwins(shared);
    }
    if (json is not null)
    {
        var options = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        AtomicFile.WriteAllText(json, JsonSerializer.Serialize(new
        {
            suite.cases,
            suite.roundTripPassed,
            exceptions,
            suite.loaded,
            suite.verified,
            suite.inferred,
            suite.savedAndLoadedPassed,
            suite.rewritten,
            suite.cleanedPassed,
            suite.upgraded,
            suite.upgradedPassed,
            upgradeRefused,
            trainingExecuted,
            trainingWrong,
            trainingRefused,
            models,
            ultraFace,
        }, options) + "\n");
    }
    return ExitCode.Success;
}

static List<(string Name, CaseOutcome Outcome)> RunSuite(IReadOnlyList<NodeCase> cases)
{
    DirectoryInfo folder = Directory.CreateTempSubdirectory("edge-conformance-");
    try
    {
        var runner = new CaseRunner(folder.FullName);
        return [.. cases.Select(item => (item.Name, runner.Run(item)))];
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}

// The training engine executes every case once, without gradients.
static (string Name, TrainingOutcome Outcome)[] RunTraining(IReadOnlyList<NodeCase> cases)
{
    long begun = Stopwatch.GetTimestamp();
    (string Name, TrainingOutcome Outcome)[] results = [.. cases.Select(item => (item.Name, TrainingRunner.Run(item)))];
    foreach ((string name, TrainingOutcome outcome) in results.Where(item => item.Outcome.Verdict != TrainingVerdict.Right))
    {
        Console.WriteLine($"  training engine {outcome.Verdict.ToString().ToLowerInvariant()}: {name}: {outcome.Reason}");
    }
    Console.WriteLine(
        $"training engine: {results.Length} cases, {results.Count(item => item.Outcome.Verdict == TrainingVerdict.Right)} executed and right, "
        + $"{results.Count(item => item.Outcome.Verdict == TrainingVerdict.Wrong)} wrong, "
        + $"{results.Count(item => item.Outcome.Verdict == TrainingVerdict.Refused)} refused, {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s");
    return results;
}

static List<ModelReport> RunModels(string shared)
{
    var reports = new List<ModelReport>();
    string root = Path.Combine(shared, "models");
    Console.WriteLine("model                                                        nodes          ms a run         after/before  outputs");
    foreach (string path in Directory.EnumerateFiles(root, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
    {
        ModelReport report = ModelRunner.Run(path, Path.GetRelativePath(root, path));
        Console.WriteLine($"{report.Name,-56} {report.NodesBefore,5} → {report.NodesAfter,-5} {report.MillisecondsBefore,7:F3} → {report.MillisecondsAfter,-7:F3} {report.Ratio,10:F3}      {report.Proof}");
        reports.Add(report);
    }
    return reports;
}

// The twin gives boxes as the network makes them; the raw file decodes them with ten nodes more. What both do is compared.
static object CompareTwins(string shared)
{
    const string Undecoded = "460";
    OnnxModel raw = OnnxModel.Load(Path.Combine(shared, "models", "ultraface", "version-RFB-320.onnx"));
    OnnxModel twin = OnnxModel.Load(Path.Combine(shared, "models", "ultraface", "version-RFB-320_simplified.onnx"));
    OnnxModel cleaned = OnnxModel.Load(Path.Combine(shared, "models", "ultraface", "version-RFB-320.onnx"));
    PassPipeline.ForDeployment.Run(cleaned);
    ProofResult self = ModelProof.Compare(raw, cleaned);
    OnnxModel part = GraphExtractor.Extract(cleaned, [.. cleaned.Graph.Inputs.Select(value => value.Name)], ["scores", Undecoded]);
    part.Graph.Rename(part.Graph.Outputs[1], "boxes");
    ProofResult proof = ModelProof.Compare(twin, part);
    int decoding = ModelRunner.Nodes(cleaned) - ModelRunner.Nodes(part);
    Console.WriteLine(
        $"UltraFace: raw {ModelRunner.Nodes(raw)} nodes, cleaned {ModelRunner.Nodes(cleaned)}, outputs {Verdict(self)}; without the {decoding} that decode boxes, which its twin leaves out: "
        + $"{ModelRunner.Nodes(part)} nodes, the simplified twin {ModelRunner.Nodes(twin)}, outputs {Verdict(proof)}");
    return new
    {
        rawNodes = ModelRunner.Nodes(raw),
        cleanedNodes = ModelRunner.Nodes(cleaned),
        outputsEqual = self.Verdict == ProofVerdict.Proven,
        decodingNodes = decoding,
        comparedNodes = ModelRunner.Nodes(part),
        twinNodes = ModelRunner.Nodes(twin),
        twinOutputsEqual = proof.Verdict == ProofVerdict.Proven,
    };
}

static string Verdict(ProofResult result) => result.Verdict == ProofVerdict.Proven ? "equal" : result.Reason;
