using Edge.Foundation;

namespace Edge.Graph.Schemas;

/// <summary>Holds one node against the schema of its operator, or against the function that it calls.</summary>
internal static class NodeVerifier
{
    internal static void Verify(Node node, SortedDictionary<string, long> opsets, FunctionTable functions, List<ModelProblem> problems)
    {
        if (functions.Find(node) is { } function)
        {
            VerifyCall(node, function, problems);
            return;
        }
        // A newer operator set than the table knows may have changed any operator.
        if (node.OpType.Length == 0 || !opsets.TryGetValue(node.Domain, out long version) || version > OperatorSchemas.LatestVersion(node.Domain))
        {
            return;
        }
        switch (OperatorSchemas.Look(node.Domain, node.OpType, version, out OperatorSchema? schema))
        {
            case SchemaLookup.Found:
                VerifyCounts(node, schema!, problems);
                VerifyAttributes(node, schema!, problems);
                VerifyTypes(node, schema!, problems);
                ArgumentVerifier.Verify(node, problems);
                break;
            case SchemaLookup.Newer:
                Add(node, $"{Set(node)} {version} does not have the operator; it came with version {schema!.SinceVersion}", problems);
                break;
            case SchemaLookup.Deprecated:
                Add(node, $"the operator is gone from {Set(node)} {schema!.SinceVersion} on, the model imports {version}", problems);
                break;
            case SchemaLookup.UnknownOperator:
                string hint = NearestName.Of(node.OpType, OperatorSchemas.Names(node.Domain, version)) is { } near ? $"; is '{near}' meant?" : "";
                Add(node, $"{Set(node)} {version} has no operator of that name{hint}", problems);
                break;
            default:
                break;
        }
    }

    private static void VerifyCounts(Node node, OperatorSchema schema, List<ModelProblem> problems)
    {
        VerifyCount(node, "input", node.Inputs, schema.MinimumInputs, schema.MaximumInputs, schema.Inputs, problems);
        VerifyCount(node, "output", node.Outputs, schema.MinimumOutputs, schema.MaximumOutputs, schema.Outputs, problems);
    }

    private static void VerifyCount(Node node, string role, IReadOnlyList<Value?> values, int minimum, int maximum, IReadOnlyList<SchemaParameter> parameters, List<ModelProblem> problems)
    {
        if (values.Count < minimum || values.Count > maximum)
        {
            string range = maximum == int.MaxValue ? $"at least {minimum}" : minimum == maximum ? $"{minimum}" : $"{minimum} to {maximum}";
            Add(node, $"has {values.Count} {role}{(values.Count == 1 ? "" : "s")}, the operator takes {range}", problems);
        }
        int listed = Math.Min(values.Count, parameters.Count);
        for (int index = 0; index < listed; index++)
        {
            if (values[index] is null && parameters[index].Kind == ParameterKind.Single)
            {
                Add(node, $"leaves out {role} '{parameters[index].Name}', which the operator needs", problems);
            }
        }
    }

    private static void VerifyAttributes(Node node, OperatorSchema schema, List<ModelProblem> problems)
    {
        foreach (NodeAttribute attribute in node.Attributes)
        {
            if (problems.Count >= ModelVerifier.MaximumProblems)
            {
                return;
            }
            if (!schema.Attributes.TryGetValue(attribute.Name, out SchemaAttribute? known))
            {
                Add(node, $"attribute '{attribute.Name}' is unknown to {schema}{Nearest(attribute.Name, schema.Attributes.Keys)}", problems);
            }
            else if (attribute.Kind != known.Kind && attribute.Reference is null)
            {
                Add(node, $"attribute '{attribute.Name}' is of kind {attribute.Kind}, {known.Kind} is expected", problems);
            }
        }
        foreach (SchemaAttribute known in schema.Attributes.Values)
        {
            if (known.IsRequired && !node.Attributes.Contains(known.Name))
            {
                Add(node, $"lacks the attribute '{known.Name}'", problems);
            }
        }
    }

    private static void VerifyTypes(Node node, OperatorSchema schema, List<ModelProblem> problems)
    {
        var bound = new TypeBindings(node, problems);
        for (int index = 0; index < node.Inputs.Count; index++)
        {
            bound.Hold("input", node.Inputs[index], schema.Input(index));
        }
        for (int index = 0; index < node.Outputs.Count; index++)
        {
            bound.Hold("output", node.Outputs[index], schema.Output(index));
        }
    }

    private static void VerifyCall(Node node, OnnxFunction function, List<ModelProblem> problems)
    {
        if (node.Inputs.Count > function.Body.Inputs.Count)
        {
            Add(node, $"gives {node.Inputs.Count} inputs to a function that takes {function.Body.Inputs.Count}", problems);
        }
        if (node.Outputs.Count > function.Body.Outputs.Count)
        {
            Add(node, $"takes {node.Outputs.Count} outputs from a function that gives {function.Body.Outputs.Count}", problems);
        }
        foreach (string required in function.RequiredAttributes)
        {
            if (!node.Attributes.Contains(required))
            {
                Add(node, $"lacks the attribute '{required}', which the function needs", problems);
            }
        }
        var known = function.RequiredAttributes.Concat(function.DefaultAttributes.Select(attribute => attribute.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (NodeAttribute attribute in node.Attributes)
        {
            if (problems.Count < ModelVerifier.MaximumProblems && !known.Contains(attribute.Name))
            {
                Add(node, $"attribute '{attribute.Name}' is unknown to the function{Nearest(attribute.Name, known)}", problems);
            }
        }
    }

    private static string Nearest(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } near ? $"; is '{near}' meant?" : "";

    private static string Set(Node node) => node.Domain.Length == 0 ? "opset" : $"opset '{node.Domain}'";

    private static void Add(Node node, string what, List<ModelProblem> problems) => problems.Add(new ModelProblem(node.Describe(), what));
}
