using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Edge.Conformance;
using Edge.Foundation;
using Edge.Fuzz;
using Edge.Tool;

if (args is [BoundedHeap.Argument, var file])
{
    return BoundedHeap.Run(file);
}
var tool = new ToolCommand("Feeds the reader, the verifier and inference with damaged models: one clear error each, in time, in bounds.");
Option<int> casesOption = tool.Count("--cases", 100_000, "how many");
Option<int> firstOption = tool.Count("--first", 0, "the number of the first", least: 0);
Option<ulong> seedOption = tool.Seed(() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
Option<string?> keepOption = tool.Text("--keep", "FOLDER", "write the models that failed there");
Option<bool> noCrowds = tool.Switch("--no-crowds", "leave out the models of very many nodes");
return tool.Run(args, parsed => Run(parsed.GetValue(casesOption), parsed.GetValue(firstOption), parsed.GetValue(seedOption), parsed.GetValue(keepOption), !parsed.GetValue(noCrowds), parsed.GetValue(tool.Json)));

static int Run(int cases, int first, ulong seed, string? keep, bool crowd, string? json)
{
    Corpus corpus = Corpus.Load();
    if (SharedFolder.Path is null)
    {
        Console.WriteLine("../shared not present: mutations start from Edge's own models only");
    }
    Console.WriteLine($"{cases} cases from {corpus.Count} models and from random bytes, seed {seed}");
    var fuzzer = new Fuzzer(corpus, seed);
    var stages = new SortedDictionary<string, int>(StringComparer.Ordinal);
    var failures = new List<FuzzResult>();
    FuzzResult? slowest = null;
    double largest = 0;
    int bounded = 0;
    for (int number = first; number < first + cases; number++)
    {
        FuzzResult result = fuzzer.Run(number);
        stages[result.Stage] = stages.GetValueOrDefault(result.Stage) + 1;
        slowest = slowest is null || result.Time > slowest.Time ? result : slowest;
        largest = Math.Max(largest, (double)result.Allocated / BoundedHeap.Of(result.Bytes));
        bounded += result.Allocated + result.Bytes > BoundedHeap.Of(result.Bytes) ? 1 : 0;
        if (result.Failure is not null)
        {
            failures.Add(result);
            Console.WriteLine($"  case {number} ({result.Kind}, {result.Bytes} bytes, {result.Stage}): {result.Failure}");
            if (keep is not null)
            {
                File.WriteAllBytes(Path.Combine(keep, $"{seed}-{number}.onnx"), fuzzer.Make(number, out _));
            }
        }
        if ((number - first + 1) % 20_000 == 0)
        {
            Console.WriteLine($"  {number - first + 1} cases, {failures.Count} failures");
        }
    }
    Console.WriteLine(string.Join(", ", stages.Select(stage => $"{stage.Key} {stage.Value}")));
    Console.WriteLine($"{cases} cases, {failures.Count} failures; slowest {slowest!.Time.TotalMilliseconds:F0} ms (case {slowest.Number}, {slowest.Kind}), most allocated {largest:P0} of what may live at one moment, {bounded} cases settled by a bounded heap");
    IReadOnlyList<FuzzResult> crowds = crowd ? CrowdRun.Run(number: first + cases) : [];
    failures.AddRange(crowds.Where(result => result.Failure is not null));

    if (json is not null)
    {
        AtomicFile.WriteAllText(json, JsonSerializer.Serialize(new
        {
            cases,
            seed,
            failures = failures.Select(failure => new { failure.Number, failure.Kind, failure.Failure }),
            stages,
            slowestMilliseconds = slowest.Time.TotalMilliseconds,
            allocatedShare = largest,
            bounded,
            crowds = crowds.Count,
        }) + "\n");
    }
    return failures.Count == 0 ? ExitCode.Success : ExitCode.Failure;
}
