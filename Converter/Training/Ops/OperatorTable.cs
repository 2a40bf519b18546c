using Edge.Graph;
using Edge.Graph.Schemas;

namespace Edge.Training.Ops;

/// <summary>
/// The operators that the training engine knows, each by (domain, name, since-version). A node of operator set N runs on the
/// highest version that is not above N; what the table does not list is refused, never guessed.
/// </summary>
public sealed class OperatorTable
{
    /// <summary>The newest operator set whose changes the standard table has taken in.</summary>
    public const long MaximumOpset = 26;

    private readonly Dictionary<(string Domain, string Name), List<OperatorEntry>> _entries = [];

    /// <summary>ONNX's own operators.</summary>
    public static OperatorTable Standard { get; } = StandardOperators.Create();

    /// <summary>Every version of every operator, sorted by domain, name and version.</summary>
    public IReadOnlyList<OperatorEntry> Entries
    {
        get
        {
            var all = new List<OperatorEntry>();
            foreach (List<OperatorEntry> versions in _entries.Values)
            {
                all.AddRange(versions);
            }
            all.Sort(Compare);
            return all;
        }
    }

    /// <summary>Lists one version of an operator.</summary>
    /// <param name="name">The operator.</param>
    /// <param name="since">The operator set version that brought it.</param>
    /// <param name="compile">Makes kernels.</param>
    /// <param name="fixedInputs">Inputs that are settings, not weights.</param>
    /// <param name="stateInputs">Inputs that the kernel itself changes while training.</param>
    /// <param name="traits">What else the engine must know.</param>
    /// <param name="domain">Whose operator it is; empty for ONNX's own.</param>
    /// <exception cref="ArgumentException">It is listed already.</exception>
    public void Add(
        string name, int since, KernelFactory compile, int[]? fixedInputs = null, int[]? stateInputs = null,
        OperatorTraits traits = OperatorTraits.None, string domain = "")
    {
        if (!_entries.TryGetValue((domain, name), out List<OperatorEntry>? versions))
        {
            _entries.Add((domain, name), versions = []);
        }
        if (versions.Exists(entry => entry.Since == since))
        {
            throw new ArgumentException($"{name} since {since} is listed twice", nameof(since));
        }
        versions.Add(new OperatorEntry(domain, name, since, compile, fixedInputs ?? [], stateInputs ?? [], traits));
        versions.Sort((a, b) => a.Since - b.Since);
    }

    /// <summary>Lists several versions of an operator that differ in nothing that matters here.</summary>
    /// <param name="name">The operator.</param>
    /// <param name="since">The operator set versions.</param>
    /// <param name="compile">Makes kernels.</param>
    /// <param name="fixedInputs">Inputs that are settings, not weights.</param>
    /// <param name="stateInputs">Inputs that the kernel itself changes while training.</param>
    /// <param name="traits">What else the engine must know.</param>
    /// <exception cref="ArgumentException">One of them is listed already.</exception>
    public void Add(
        string name, ReadOnlySpan<int> since, KernelFactory compile, int[]? fixedInputs = null, int[]? stateInputs = null,
        OperatorTraits traits = OperatorTraits.None)
    {
        foreach (int version in since)
        {
            Add(name, version, compile, fixedInputs, stateInputs, traits);
        }
    }

    /// <summary>The version of its operator that a node runs on.</summary>
    /// <param name="node">The node.</param>
    /// <param name="opset">The operator set version that the model imports for the node's domain.</param>
    /// <exception cref="UnsupportedOperatorException">The operator, or this version of it, is not listed.</exception>
    public OperatorEntry Find(Node node, long opset)
    {
        string domain = node.Domain == "ai.onnx" ? "" : node.Domain;
        string name = domain.Length == 0 ? node.OpType : $"{domain}.{node.OpType}";
        if (!_entries.TryGetValue((domain, node.OpType), out List<OperatorEntry>? versions))
        {
            throw new UnsupportedOperatorException(node.Describe(), name, opset,
                $"the training engine does not know the operator {name}: replace it in the model, or train only models without it");
        }
        if (domain.Length == 0 && opset > MaximumOpset)
        {
            throw new UnsupportedOperatorException(node.Describe(), name, opset,
                $"operator sets above {MaximumOpset} are newer than this version of Edge: export the model with opset 17 to {MaximumOpset}");
        }
        OperatorEntry? best = versions.FindLast(entry => entry.Since <= opset);
        SchemaLookup look = OperatorSchemas.Look(domain, node.OpType, opset, out OperatorSchema? schema);
        if (look == SchemaLookup.Deprecated)
        {
            throw new UnsupportedOperatorException(node.Describe(), name, opset,
                $"ONNX has no {name} from opset {schema!.SinceVersion} on: export the model with an older opset, or with the operator that took its place");
        }
        if (best is not null && look == SchemaLookup.Found && best.Since < schema!.SinceVersion)
        {
            throw new UnsupportedOperatorException(node.Describe(), name, opset,
                $"the training engine does not know the {name} of opset {schema.SinceVersion}: export the model with an opset before that");
        }
        return best ?? throw new UnsupportedOperatorException(node.Describe(), name, opset,
            $"the training engine knows {name} only from opset {versions[0].Since} on: export the model with opset 17");
    }

    private static int Compare(OperatorEntry a, OperatorEntry b)
    {
        int order = string.CompareOrdinal(a.Domain, b.Domain);
        order = order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
        return order != 0 ? order : a.Since - b.Since;
    }
}
