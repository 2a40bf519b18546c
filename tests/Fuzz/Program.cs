using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Edge.Conformance;
using Edge.Foundation;
using Edge.Fuzz;

// Feeds the reader, the verifier and inference with damaged models: one clear error each, in time, in bounds.
if (args is [BoundedHeap.Argument, var file])
{
    return BoundedHeap.Run(file);
}
int cases = 100_000;
int first = 0;
ulong seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
string? json = null;
string? keep = null;
bool crowd = true;
for (int i = 0; i < args.Length; i++)
{
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    switch (args[i])
    {
        case "--cases" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out cases):
        case "--first" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out first):
        case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed):
        case "--json" when (json = value) is not null:
        case "--keep" when (keep = value) is not null:
            i++;
            break;
        case "--no-crowds":
            crowd = false;
            break;
        default:
            Console.Error.WriteLine("usage: fuzz [--cases N] [--seed N] [--first N] [--keep FOLDER] [--json FILE] [--no-crowds]");
            return ExitCode.BadInput;
    }
}
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
