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
using Edge.Training.Ops;

// Runs the ONNX node suite and the real models through everything that Edge does with a model.
string? json = null;
string filter = "";
bool isOnlySuite = false;
bool isOnlyTraining = false;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--json" when i + 1 < args.Length:
            json = args[++i];
            break;
        case "--filter" when i + 1 < args.Length:
            filter = args[++i];
            break;
        case "--only-suite":
            isOnlySuite = true;
            break;
        case "--only-training":
            isOnlyTraining = true;
            break;
        case "--operators" when i + 1 < args.Length:
            AtomicFile.WriteAllText(args[i + 1], OperatorSupport.ToMarkdown(OperatorTable.Standard));
            return ExitCode.Success;
        default:
            Console.Error.WriteLine("usage: conformance [--filter TEXT] [--only-suite | --only-training] [--json FILE] | --operators FILE");
            return ExitCode.BadInput;
    }
}
if (SharedFolder.Path is not { } shared)
{
    Console.WriteLine(SharedFolder.Absent);
    return ExitCode.Success;
}
NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
IReadOnlyList<NodeCase> cases = [.. NodeSuite.Read(shared).Where(item => item.Name.Contains(filter, StringComparison.Ordinal))];
(string Name, TrainingOutcome Outcome)[] training = RunTraining();
var trainingRefused = training.Where(item => item.Outcome.Verdict == TrainingVerdict.Refused).Select(item => new { name = item.Name, reason = item.Outcome.Reason }).ToArray();
int trainingExecuted = training.Count(item => item.Outcome.Verdict == TrainingVerdict.Right);
int trainingWrong = training.Count(item => item.Outcome.Verdict == TrainingVerdict.Wrong);
if (isOnlyTraining)
{
    return ExitCode.Success;
}
long started = Stopwatch.GetTimestamp();
List<(string Name, CaseOutcome Outcome)> outcomes = RunSuite();
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
    models = RunModels();
    ultraFace = CompareTwins();
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

List<(string Name, CaseOutcome Outcome)> RunSuite()
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
(string Name, TrainingOutcome Outcome)[] RunTraining()
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

List<ModelReport> RunModels()
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
object CompareTwins()
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
