using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Foundation;

namespace Edge.Runtime.Configuration;

/// <summary>
/// Compares a document with the type that it is to become, field by field, so that every mistake is reported with its
/// path and, for a misspelt field, with the name that was probably meant.
/// </summary>
internal static class JsonShape
{
    /// <summary>Checks a value: fields that are unknown, missing, given twice or of the wrong kind.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="path">Where it stands; empty for the document.</param>
    /// <param name="problems">Gets what is wrong.</param>
    internal static void Check(JsonElement value, JsonTypeInfo type, string path, Problems problems)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                if (Expect(value, JsonValueKind.Object, path, "an object { … }", problems))
                {
                    CheckObject(value, type, path, problems);
                }
                break;
            case JsonTypeInfoKind.Enumerable:
                if (Expect(value, JsonValueKind.Array, path, "a list [ … ]", problems))
                {
                    JsonTypeInfo element = type.Options.GetTypeInfo(type.ElementType!);
                    int index = 0;
                    foreach (JsonElement item in value.EnumerateArray())
                    {
                        Check(item, element, $"{path}[{index++}]", problems);
                    }
                }
                break;
            case JsonTypeInfoKind.Dictionary:
                if (Expect(value, JsonValueKind.Object, path, "an object { … }", problems))
                {
                    CheckEntries(value, type.Options.GetTypeInfo(type.ElementType!), path, problems);
                }
                break;
            default:
                CheckScalar(value, Nullable.GetUnderlyingType(type.Type) ?? type.Type, path, problems);
                break;
        }
    }

    private static void CheckEntries(JsonElement value, JsonTypeInfo element, string path, Problems problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in value.EnumerateObject())
        {
            string entryPath = Join(path, entry.Name);
            problems.Require(seen.Add(entry.Name), $"{entryPath}: given twice: keep one");
            Check(entry.Value, element, entryPath, problems);
        }
    }

    private static void CheckObject(JsonElement value, JsonTypeInfo type, string path, Problems problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty field in value.EnumerateObject())
        {
            string fieldPath = Join(path, field.Name);
            JsonPropertyInfo? property = Find(type, field.Name);
            if (property is null)
            {
                problems.Add($"{fieldPath}: unknown field{Suggest(type, field.Name)}");
                continue;
            }
            if (!problems.Require(seen.Add(field.Name), $"{fieldPath}: given twice: keep one")
                || (field.Value.ValueKind == JsonValueKind.Null && property.IsSetNullable))
            {
                continue;
            }
            Check(field.Value, type.Options.GetTypeInfo(property.PropertyType), fieldPath, problems);
        }
        foreach (JsonPropertyInfo property in type.Properties)
        {
            problems.Require(!property.IsRequired || seen.Contains(property.Name), $"{Join(path, property.Name)}: missing: add it");
        }
    }

    private static void CheckScalar(JsonElement value, Type type, string path, Problems problems)
    {
        if (type == typeof(string))
        {
            Expect(value, JsonValueKind.String, path, "a text in quotes", problems);
        }
        else if (type == typeof(bool))
        {
            problems.Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, $"{path}: must be true or false");
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            bool whole = value.ValueKind == JsonValueKind.Number && (type == typeof(int) ? value.TryGetInt32(out _) : value.TryGetInt64(out _));
            problems.Require(whole, $"{path}: must be a whole number");
        }
        else
        {
            Expect(value, JsonValueKind.Number, path, "a number", problems);
        }
    }

    private static bool Expect(JsonElement value, JsonValueKind kind, string path, string what, Problems problems) =>
        problems.Require(value.ValueKind == kind, $"{(path.Length == 0 ? "the document" : path)}: must be {what}");

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.Name == name)
            {
                return property;
            }
        }
        return null;
    }

    private static string Suggest(JsonTypeInfo type, string name)
    {
        var names = new List<string>();
        foreach (JsonPropertyInfo property in type.Properties)
        {
            names.Add(property.Name);
        }
        return NearestName.Of(name, names) is { } nearest
            ? $": did you mean \"{nearest}\"?"
            : $": known are {string.Join(", ", names)}";
    }

    private static string Join(string path, string name) => path.Length == 0 ? Short(name) : $"{path}.{Short(name)}";

    private static string Short(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
}
