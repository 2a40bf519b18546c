using System.Collections.Frozen;
using System.Globalization;

namespace Edge.Graph.Schemas;

/// <summary>Every operator of ONNX in every version, read once from the table that the assembly carries.</summary>
public static class OperatorSchemas
{
    private static readonly Lazy<FrozenDictionary<(string Domain, string Name), OperatorSchema[]>> Table = new(ReadTable);

    private static readonly Lazy<FrozenDictionary<string, int>> Latest = new(() =>
        Table.Value.Values.SelectMany(versions => versions)
            .GroupBy(schema => schema.Domain)
            .ToFrozenDictionary(group => group.Key, group => group.Max(schema => schema.SinceVersion)));

    private static readonly FrozenDictionary<string, AttributeKind> Kinds = new Dictionary<string, AttributeKind>
    {
        ["float"] = AttributeKind.Float,
        ["int"] = AttributeKind.Int,
        ["string"] = AttributeKind.String,
        ["tensor"] = AttributeKind.Tensor,
        ["graph"] = AttributeKind.Graph,
        ["floats"] = AttributeKind.Floats,
        ["ints"] = AttributeKind.Ints,
        ["strings"] = AttributeKind.Strings,
        ["tensors"] = AttributeKind.Tensors,
        ["graphs"] = AttributeKind.Graphs,
        ["sparse"] = AttributeKind.SparseTensor,
        ["sparses"] = AttributeKind.SparseTensors,
        ["type"] = AttributeKind.Type,
        ["types"] = AttributeKind.Types,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every version of every operator.</summary>
    public static IEnumerable<OperatorSchema> All => Table.Value.Values.SelectMany(versions => versions);

    /// <summary>The newest version of an operator set that the table knows a change of; 0 for a domain it does not cover.</summary>
    /// <param name="domain">The domain; empty for ONNX's own.</param>
    public static int LatestVersion(string domain) => Latest.Value.GetValueOrDefault(domain);

    /// <summary>The operator as it stands in a version of its operator set: its newest change that is not newer.</summary>
    /// <param name="domain">The domain; empty for ONNX's own.</param>
    /// <param name="name">The operator, as ONNX names it.</param>
    /// <param name="version">The version that the model imports.</param>
    /// <returns>The schema, or null; <see cref="Look"/> says why.</returns>
    public static OperatorSchema? Find(string domain, string name, long version) =>
        Look(domain, name, version, out OperatorSchema? schema) == SchemaLookup.Found ? schema : null;

    /// <summary>Looks an operator up and says what was found.</summary>
    /// <param name="domain">The domain; empty for ONNX's own.</param>
    /// <param name="name">The operator, as ONNX names it.</param>
    /// <param name="version">The version that the model imports.</param>
    /// <param name="schema">The operator in that version; its first version where it came later; where it is gone, the line that says so.</param>
    public static SchemaLookup Look(string domain, string name, long version, out OperatorSchema? schema)
    {
        schema = null;
        if (!Table.Value.TryGetValue((domain, name), out OperatorSchema[]? versions))
        {
            return LatestVersion(domain) is 0 ? SchemaLookup.NotCovered
                : version > LatestVersion(domain) ? SchemaLookup.NotCovered
                : SchemaLookup.UnknownOperator;
        }
        for (int index = versions.Length - 1; index >= 0; index--)
        {
            if (versions[index].SinceVersion <= version)
            {
                schema = versions[index];
                return schema.IsDeprecated ? SchemaLookup.Deprecated : SchemaLookup.Found;
            }
        }
        schema = versions[0];
        return SchemaLookup.Newer;
    }

    /// <summary>The operators of a domain that a version of its operator set has, in the order of the alphabet.</summary>
    /// <param name="domain">The domain; empty for ONNX's own.</param>
    /// <param name="version">The version.</param>
    public static IEnumerable<string> Names(string domain, long version) =>
        Table.Value.Keys.Where(key => key.Domain == domain && Find(domain, key.Name, version) is not null).Select(key => key.Name).Order(StringComparer.Ordinal);

    private static FrozenDictionary<(string, string), OperatorSchema[]> ReadTable()
    {
        using Stream stream = typeof(OperatorSchemas).Assembly.GetManifestResourceStream("operators.tsv")
            ?? throw new InvalidOperationException("the assembly lacks its table of operators");
        using var reader = new StreamReader(stream);
        var sets = new Dictionary<string, TypeSet>(StringComparer.Ordinal);
        var table = new Dictionary<(string, string), List<OperatorSchema>>();
        while (reader.ReadLine() is { } line)
        {
            if (line is [] or ['#', ..])
            {
                continue;
            }
            OperatorSchema schema = ReadLine(line.Split('\t'), sets);
            if (!table.TryGetValue((schema.Domain, schema.Name), out List<OperatorSchema>? versions))
            {
                table.Add((schema.Domain, schema.Name), versions = []);
            }
            versions.Add(schema);
        }
        return table.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.OrderBy(schema => schema.SinceVersion).ToArray());
    }

    private static OperatorSchema ReadLine(string[] columns, Dictionary<string, TypeSet> sets)
    {
        int since = int.Parse(columns[2], CultureInfo.InvariantCulture);
        if (columns[3] == "deprecated")
        {
            return new OperatorSchema(columns[0], columns[1], since, [], [], [], isDeprecated: true);
        }
        var types = new Dictionary<string, TypeSet>(StringComparer.Ordinal);
        foreach (string item in Items(columns[6]))
        {
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            types.Add(item[..equals], Set(item[(equals + 1)..], sets));
        }
        return new OperatorSchema(
            columns[0],
            columns[1],
            since,
            [.. Items(columns[3]).Select(item => ReadParameter(item, types, sets))],
            [.. Items(columns[4]).Select(item => ReadParameter(item, types, sets))],
            Items(columns[5]).Select(ReadAttribute));
    }

    private static string[] Items(string column) => column == "-" ? [] : column.Split(' ');

    private static TypeSet Set(string text, Dictionary<string, TypeSet> sets)
    {
        if (!sets.TryGetValue(text, out TypeSet? set))
        {
            sets.Add(text, set = TypeSet.Parse(text));
        }
        return set;
    }

    private static SchemaParameter ReadParameter(string item, Dictionary<string, TypeSet> types, Dictionary<string, TypeSet> sets)
    {
        int colon = item.IndexOf(':', StringComparison.Ordinal);
        string type = item[(colon + 1)..].TrimEnd('?', '*', '+', '!');
        string marks = item[(colon + 1 + type.Length)..];
        ParameterKind kind = marks is [] ? ParameterKind.Single : marks[0] == '?' ? ParameterKind.Optional : ParameterKind.Variadic;
        return new SchemaParameter(
            item[..colon],
            type,
            types.TryGetValue(type, out TypeSet? set) ? set : Set(type, sets),
            kind,
            marks is ['?' or '*', ..] ? 0 : 1,
            marks is not [.., '!']);
    }

    private static SchemaAttribute ReadAttribute(string item)
    {
        int colon = item.IndexOf(':', StringComparison.Ordinal);
        return new SchemaAttribute(item[..colon], Kinds[item[(colon + 1)..].TrimEnd('!')], item.EndsWith('!'));
    }
}
