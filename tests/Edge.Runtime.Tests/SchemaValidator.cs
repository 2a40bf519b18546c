using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Edge.Runtime.Tests;

/// <summary>
/// The keywords of JSON Schema (draft 2020-12) that the schema of the configuration uses. Another keyword is an error, so that
/// none is passed over in silence.
/// </summary>
internal static class SchemaValidator
{
    private static readonly string[] Silent = ["$schema", "$defs", "title", "description", "default", "then"];

    internal static bool IsValid(JsonObject document, JsonNode? value) => IsValid(document, document, value);

    internal static bool IsValid(JsonObject root, JsonNode schema, JsonNode? value)
    {
        if (schema is not JsonObject rules)
        {
            return schema.GetValue<bool>();
        }
        return rules.All(rule => Holds(root, rules, rule.Key, rule.Value!, value));
    }

    private static bool Holds(JsonObject root, JsonObject rules, string keyword, JsonNode rule, JsonNode? value)
    {
        JsonObject? fields = value as JsonObject;
        JsonArray? items = value as JsonArray;
        string? text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        double? number = value?.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : null;
        return keyword switch
        {
            "$ref" => IsValid(root, root["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]]!, value),
            "type" => rule is JsonArray types ? types.Any(type => IsOf(type!.GetValue<string>(), value)) : IsOf(rule.GetValue<string>(), value),
            "enum" => rule.AsArray().Any(each => JsonNode.DeepEquals(each, value)),
            "const" => JsonNode.DeepEquals(rule, value),
            "required" => fields is null || rule.AsArray().All(name => fields.ContainsKey(name!.GetValue<string>())),
            "properties" => fields is null || rule.AsObject().All(field => !fields.ContainsKey(field.Key) || IsValid(root, field.Value!, fields[field.Key])),
            "additionalProperties" => fields is null || fields.All(field => rules["properties"]?.AsObject().ContainsKey(field.Key) == true || (rule is JsonObject && IsValid(root, rule, field.Value))),
            "propertyNames" => fields is null || fields.All(field => IsValid(root, rule, JsonValue.Create(field.Key))),
            "items" => items is null || items.All(item => IsValid(root, rule, item)),
            "minItems" => items is null || items.Count >= rule.GetValue<int>(),
            "maxItems" => items is null || items.Count <= rule.GetValue<int>(),
            "minimum" => number is null || number >= rule.GetValue<double>(),
            "maximum" => number is null || number <= rule.GetValue<double>(),
            "minLength" => text is null || text.Length >= rule.GetValue<int>(),
            "maxLength" => text is null || text.Length <= rule.GetValue<int>(),
            "pattern" => text is null || Regex.IsMatch(text, rule.GetValue<string>()),
            "anyOf" => rule.AsArray().Any(each => IsValid(root, each!, value)),
            "allOf" => rule.AsArray().All(each => IsValid(root, each!, value)),
            "not" => !IsValid(root, rule, value),
            "if" => !IsValid(root, rule, value) || IsValid(root, rules["then"]!, value),
            _ => Silent.Contains(keyword) ? true : throw new NotSupportedException($"the keyword {keyword}"),
        };
    }

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => double.IsInteger(value!.GetValue<double>()),
        _ => false,
    };
}
