using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Foundation;

namespace Edge.Runtime.Configuration;

/// <summary>
/// Compares a document with the type that it is to become, field by field, so that a mistake is reported with its
/// path and, for a misspelt field, with the name that was probably meant.
/// </summary>
internal static class JsonShape
{
    /// <summary>Checks a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="path">Where it stands; empty for the document.</param>
    /// <exception cref="ConfigException">A field is unknown, missing, given twice, or of the wrong kind.</exception>
    internal static void Check(JsonElement value, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                Expect(value, JsonValueKind.Object, path, "an object { … }");
                CheckObject(value, type, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                Expect(value, JsonValueKind.Array, path, "a list [ … ]");
                JsonTypeInfo element = type.Options.GetTypeInfo(type.ElementType!);
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Check(item, element, $"{path}[{index++}]");
                }
                break;
            default:
                CheckScalar(value, Nullable.GetUnderlyingType(type.Type) ?? type.Type, path);
                break;
        }
    }

    private static void CheckObject(JsonElement value, JsonTypeInfo type, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty field in value.EnumerateObject())
        {
            string fieldPath = Join(path, field.Name);
            JsonPropertyInfo property = Find(type, field.Name)
                ?? throw new ConfigException($"{fieldPath}: unknown field{Suggest(type, field.Name)}");
            if (!seen.Add(field.Name))
            {
                throw new ConfigException($"{fieldPath}: given twice: keep one");
            }
            if (field.Value.ValueKind == JsonValueKind.Null && property.IsSetNullable)
            {
                continue;
            }
            Check(field.Value, type.Options.GetTypeInfo(property.PropertyType), fieldPath);
        }
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.IsRequired && !seen.Contains(property.Name))
            {
                throw new ConfigException($"{Join(path, property.Name)}: missing: add it");
            }
        }
    }

    private static void CheckScalar(JsonElement value, Type type, string path)
    {
        if (type == typeof(string))
        {
            Expect(value, JsonValueKind.String, path, "a text in quotes");
        }
        else if (type == typeof(bool))
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                throw new ConfigException($"{path}: must be true or false");
            }
        }
        else if (type == typeof(int))
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out _))
            {
                throw new ConfigException($"{path}: must be a whole number");
            }
        }
        else
        {
            Expect(value, JsonValueKind.Number, path, "a number");
        }
    }

    private static void Expect(JsonElement value, JsonValueKind kind, string path, string what)
    {
        if (value.ValueKind != kind)
        {
            throw new ConfigException($"{(path.Length == 0 ? "the document" : path)}: must be {what}");
        }
    }

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
