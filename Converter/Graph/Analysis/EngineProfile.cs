using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Edge.Graph.Execution;

namespace Edge.Graph.Analysis;

/// <summary>
/// Where ONNX Runtime spends its time, from its own profiler. The engine joins nodes before it runs them: the time of a joined
/// group stands at the node that gave it its name, its other members have none.
/// </summary>
public sealed partial class EngineProfile
{
    private const int MostRuns = 200;
    private const long LargestFile = 512L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private EngineProfile(int runs, double milliseconds, IReadOnlyDictionary<Node, NodeTime> byNode, IReadOnlyList<KeyValuePair<string, NodeTime>> added)
    {
        Runs = runs;
        Milliseconds = milliseconds;
        ByNode = byNode;
        Added = added;
    }

    /// <summary>How many runs were measured, behind one to warm up.</summary>
    public int Runs { get; }

    /// <summary>The time of all nodes in one run, the mean.</summary>
    public double Milliseconds { get; }

    /// <summary>The time of each node that ran under its own name.</summary>
    public IReadOnlyDictionary<Node, NodeTime> ByNode { get; }

    /// <summary>Operators that the engine put in itself, such as changes of layout, the dearest first.</summary>
    public IReadOnlyList<KeyValuePair<string, NodeTime>> Added { get; }

    /// <summary>Runs a model for about two seconds, on inputs that are given or on seeded random ones.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="shapes">Copies of it whose inputs state sizes; inputs are made up after the first that the engine takes. None takes the model itself.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="fill">Values that whole inputs are filled with, by name; others are random.</param>
    /// <param name="source">What messages call the model.</param>
    /// <param name="given">Inputs by name, which are taken in turn; none takes random ones.</param>
    /// <exception cref="ModelFormatException">The engine refuses the model, or every input that was tried.</exception>
    /// <exception cref="IOException">The profiler's file cannot be written.</exception>
    public static EngineProfile Measure(OnnxModel model, IReadOnlyList<OnnxModel>? shapes = null, int threads = 0, string source = "model", IReadOnlyDictionary<string, double>? fill = null, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>>? given = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Node[] nodes = [.. model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes)];
        OnnxModel marked = model.Copy();
        Dictionary<string, int> outputs = Mark(marked);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("edge-profile-");
        try
        {
            var options = new EngineOptions { Threads = threads, Quiet = true, ProfilePath = Path.Combine(folder.FullName, "profile") };
            using var session = new EngineSession(marked, options, source);
            int failed = 0;
            int runs = given is { Count: > 0 } ? Repeat(session, given) : Run(session, shapes is { Count: > 0 } ? shapes : [marked], fill, source, out failed);
            return Read(session.EndProfiling(), nodes, outputs, runs, failed, source);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Names by which the events of the profiler are known again, whatever the engine appends to them.
    private static Dictionary<string, int> Mark(OnnxModel model)
    {
        var outputs = new Dictionary<string, int>(StringComparer.Ordinal);
        int index = 0;
        foreach (Node node in model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes).ToArray())
        {
            string mark = string.Create(CultureInfo.InvariantCulture, $"edge#{index}#");
            node.Name = mark;
            foreach (Value output in node.Outputs.OfType<Value>())
            {
                if (output.IsGraphOutput)
                {
                    outputs.TryAdd(output.Name, index);
                }
                else
                {
                    node.Graph.Rename(output, node.Graph.FreshName(mark));
                }
            }
            index++;
        }
        return outputs;
    }

    private static int Run(EngineSession session, IReadOnlyList<OnnxModel> shapes, IReadOnlyDictionary<string, double>? fill, string source, out int failed)
    {
        string reason = "";
        failed = 0;
        foreach (OnnxModel shape in shapes)
        {
            var random = new FilledInputs(shape, fill);
            for (int attempt = 0; attempt < RandomInputs.AttemptCount; attempt++)
            {
                if (random.Make(attempt, 0, out string refusal) is not { } inputs)
                {
                    throw new ModelFormatException($"{source}: cannot be profiled: {refusal}");
                }
                try
                {
                    return Repeat(session, [inputs]);
                }
                catch (ModelFormatException e)
                {
                    reason = failed++ == 0 ? e.Message : reason;
                }
            }
        }
        throw new ModelFormatException($"{reason}, whatever sizes were tried; state sizes with --input and values with --fill");
    }

    // One run to warm up, then as many as are measured.
    private static int Repeat(EngineSession session, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> inputs)
    {
        session.RunNested(inputs[0]);
        int runs = 0;
        for (long start = Stopwatch.GetTimestamp(); runs < MostRuns && (runs == 0 || Stopwatch.GetElapsedTime(start) < Patience); runs++)
        {
            session.RunNested(inputs[runs % inputs.Count]);
        }
        return runs;
    }

    private static EngineProfile Read(string path, Node[] nodes, Dictionary<string, int> outputs, int runs, int failed, string source)
    {
        if (new FileInfo(path).Length > LargestFile)
        {
            throw new ModelFormatException($"{source}: the profile of its nodes is too large to read; profile it with smaller inputs");
        }
        using FileStream stream = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(stream);
        // Runs that failed and the one that warmed up come first.
        long since = document.RootElement.EnumerateArray()
            .Where(item => item.GetProperty("name").GetString() == "model_run")
            .Select(item => item.GetProperty("ts").GetInt64()).Order().Skip(failed + 1).FirstOrDefault();
        var times = new Dictionary<int, Sum>();
        var added = new Dictionary<string, Sum>(StringComparer.Ordinal);
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            if (item.GetProperty("cat").GetString() != "Node" || item.GetProperty("ts").GetInt64() < since
                || item.GetProperty("name").GetString() is not { } name || !name.EndsWith("_kernel_time", StringComparison.Ordinal))
            {
                continue;
            }
            JsonElement arguments = item.GetProperty("args");
            string operation = arguments.TryGetProperty("op_name", out JsonElement op) ? op.GetString() ?? "" : "";
            string provider = arguments.TryGetProperty("provider", out JsonElement by) ? by.GetString() ?? "" : "";
            Sum sum = Find(name, operation, outputs, nodes) is { } index
                ? times.TryGetValue(index, out Sum? known) ? known : times[index] = new Sum(provider)
                : added.TryGetValue(operation, out Sum? other) ? other : added[operation] = new Sum(provider);
            sum.Microseconds += item.GetProperty("dur").GetDouble();
        }
        // The time of an If or Loop holds that of the nodes inside it.
        double total = times.Where(pair => ReferenceEquals(nodes[pair.Key].Graph.Parent, null)).Sum(pair => pair.Value.Microseconds) + added.Values.Sum(sum => sum.Microseconds);
        NodeTime Time(Sum sum) => new(sum.Microseconds / runs / 1000, total > 0 ? sum.Microseconds / total : 0, sum.Provider);
        return new EngineProfile(
            runs,
            total / runs / 1000,
            times.ToDictionary(pair => nodes[pair.Key], pair => Time(pair.Value)),
            [.. added.OrderByDescending(pair => pair.Value.Microseconds).Select(pair => KeyValuePair.Create(pair.Key, Time(pair.Value)))]);
    }

    // A change of layout is named after what it stands beside, but is no node of the model.
    private static int? Find(string name, string operation, Dictionary<string, int> outputs, Node[] nodes)
    {
        if (operation is "ReorderInput" or "ReorderOutput" or "MemcpyFromHost" or "MemcpyToHost")
        {
            return null;
        }
        if (Marker().Match(name) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < nodes.Length)
        {
            return index;
        }
        return outputs.Where(pair => name.StartsWith(pair.Key, StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length).Select(pair => (int?)pair.Value).FirstOrDefault();
    }

    [GeneratedRegex("edge#([0-9]+)#")]
    private static partial Regex Marker();

    private sealed class Sum(string provider)
    {
        internal string Provider => provider;

        internal double Microseconds { get; set; }
    }
}
