using Edge.Graph.Schemas;

namespace Edge.Graph;

/// <summary>Holds a model against the rules of the ONNX specification: its structure, and each node against its operator.</summary>
public static class ModelVerifier
{
    /// <summary>After that many problems the rest of a model is not looked at.</summary>
    public const int MaximumProblems = 256;

    /// <summary>Lists what is wrong.</summary>
    /// <param name="model">The model.</param>
    /// <returns>One entry a problem, about <see cref="MaximumProblems"/> at most; empty for a model that follows the rules.</returns>
    public static IReadOnlyList<ModelProblem> Verify(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var problems = new List<ModelProblem>();
        if (model.Opsets.Count == 0)
        {
            problems.Add(new ModelProblem("model", "imports no operator set"));
        }
        var functions = new FunctionTable(model);
        if (functions.FindCycle() is { } cycle)
        {
            problems.Add(new ModelProblem($"function '{cycle.Name}'", "calls itself"));
        }
        VerifyTree(model.Graph, model.Opsets, functions, problems);
        foreach (OnnxFunction function in model.Functions)
        {
            VerifyTree(function.Body, function.Opsets, functions, problems);
        }
        return problems;
    }

    /// <summary>Lets a model pass that follows the rules.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">What the message calls it.</param>
    /// <exception cref="ModelFormatException">It does not; the message names the first problem and how many there are.</exception>
    public static void ThrowIfInvalid(OnnxModel model, string source)
    {
        IReadOnlyList<ModelProblem> problems = Verify(model);
        if (problems.Count > 0)
        {
            string more = problems.Count > 1 ? $" (and {problems.Count - 1} more)" : "";
            throw new ModelFormatException($"{source}: {problems[0]}{more}; export the model again");
        }
    }

    private static void VerifyTree(OnnxGraph root, SortedDictionary<string, long> opsets, FunctionTable functions, List<ModelProblem> problems)
    {
        foreach (OnnxGraph graph in root.WithSubgraphs())
        {
            VerifyOutputs(graph, problems);
            VerifyNames(graph, problems);
            if (problems.Count >= MaximumProblems)
            {
                return;
            }
            var placed = new HashSet<Node>(graph.Nodes.Count);
            foreach (Node node in graph.Nodes)
            {
                VerifyNode(node, placed, opsets, functions, problems);
                NodeVerifier.Verify(node, opsets, functions, problems);
                placed.Add(node);
                if (problems.Count >= MaximumProblems)
                {
                    return;
                }
            }
        }
    }

    private static void VerifyOutputs(OnnxGraph graph, List<ModelProblem> problems)
    {
        var seen = new HashSet<Value>();
        foreach (Value output in graph.Outputs)
        {
            if (problems.Count >= MaximumProblems)
            {
                return;
            }
            if (!IsDefined(output))
            {
                problems.Add(new ModelProblem($"output '{output.Name}'", "nothing makes it"));
            }
            else if (!seen.Add(output))
            {
                problems.Add(new ModelProblem($"output '{output.Name}'", "is listed twice"));
            }
        }
    }

    // A name of an inner graph must not hide one of the graphs around it.
    private static void VerifyNames(OnnxGraph graph, List<ModelProblem> problems)
    {
        for (OnnxGraph? outer = graph.Parent; outer is not null; outer = outer.Parent)
        {
            foreach (Value value in graph.Values)
            {
                if (problems.Count < MaximumProblems && outer.Find(value.Name) is not null)
                {
                    problems.Add(new ModelProblem($"value '{value.Name}'", $"hides one of the same name around graph '{graph.Name}'"));
                }
            }
        }
    }

    private static void VerifyNode(Node node, HashSet<Node> placed, SortedDictionary<string, long> opsets, FunctionTable functions, List<ModelProblem> problems)
    {
        if (node.OpType.Length == 0)
        {
            problems.Add(new ModelProblem(node.Describe(), "names no operator"));
        }
        if (!opsets.ContainsKey(node.Domain) && functions.Find(node) is null)
        {
            problems.Add(new ModelProblem(node.Describe(), $"is of domain '{node.Domain}', whose operator set the model does not import"));
        }
        foreach (Value? input in node.Inputs)
        {
            if (input is null || problems.Count >= MaximumProblems)
            {
                continue;
            }
            if (!IsDefined(input))
            {
                problems.Add(new ModelProblem(node.Describe(), $"reads '{input.Name}', which nothing defines"));
            }
            else if (input.Producer is { } producer && ReferenceEquals(producer.Graph, node.Graph) && !placed.Contains(producer))
            {
                problems.Add(new ModelProblem(node.Describe(), $"reads '{input.Name}' before {producer.Describe()} makes it"));
            }
        }
    }

    private static bool IsDefined(Value value) =>
        value.Producer is not null || value.Constant is not null || value.IsGraphInput || value.Graph.SparseInitializers.ContainsKey(value.Name);
}
