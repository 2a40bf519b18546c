using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Edge.Foundation;

namespace Edge.Training.Recipes;

/// <summary>Puts keys of a recipe into a record of options: a key is a property's name in camelCase.</summary>
public static class RecipeBinder
{
    /// <summary>Copies of options with what a recipe says.</summary>
    /// <typeparam name="T">A record whose properties can be set when it is made.</typeparam>
    /// <param name="defaults">What counts where the recipe says nothing; not changed.</param>
    /// <param name="keys">The recipe's keys.</param>
    /// <param name="what">What messages call the options.</param>
    /// <exception cref="TrainingException">A key is no property, or a value does not fit: one line with place and nearest name.</exception>
    public static T Bind<T>(T defaults, IReadOnlyDictionary<string, RecipeValue> keys, string what) where T : class
    {
        ArgumentNullException.ThrowIfNull(keys);
        return (T)Bind((object)defaults, keys, what);
    }

    /// <summary>The keys that a record of options takes, with their defaults in words.</summary>
    /// <param name="defaults">The options.</param>
    public static IEnumerable<(string Key, string Takes, string Default)> Describe(object defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        foreach (PropertyInfo property in Properties(defaults))
        {
            yield return (Key(property), Takes(property.PropertyType), Text(property.GetValue(defaults)));
        }
    }

    private static object Bind(object defaults, IReadOnlyDictionary<string, RecipeValue> keys, string what)
    {
        object copy = defaults.GetType().GetMethod("<Clone>$")!.Invoke(defaults, null)!;
        Dictionary<string, PropertyInfo> properties = Properties(defaults).ToDictionary(Key, StringComparer.Ordinal);
        foreach ((string key, RecipeValue value) in keys)
        {
            if (!properties.TryGetValue(key, out PropertyInfo? property))
            {
                string hint = NearestName.Of(key, properties.Keys) is { } nearest ? $"did you mean '{nearest}'?" : $"there are {string.Join(", ", properties.Keys)}";
                throw new TrainingException($"{value.Place}: {what} has no key '{key}'; {hint}");
            }
            property.SetValue(copy, Convert(value, property, copy, $"{what}, {key}"));
        }
        return copy;
    }

    private static object? Convert(RecipeValue value, PropertyInfo property, object owner, string what)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string))
        {
            return value.Text ?? throw value.Wrong($"is no text ({what})");
        }
        if (type == typeof(IReadOnlyList<string>))
        {
            return value.Texts;
        }
        if (type == typeof(bool))
        {
            return value.Text switch { "true" => true, "false" => false, _ => throw value.Wrong($"is neither true nor false ({what})") };
        }
        if (type == typeof(TimeSpan))
        {
            return TimeSpan.FromSeconds(value.Number);
        }
        if (type.IsEnum)
        {
            string[] names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];
            return names.Contains(value.Text) ? Enum.Parse(type, value.Text!, ignoreCase: true) : throw value.Wrong($"is none of {string.Join(", ", names)} ({what})");
        }
        if (type == typeof(IReadOnlyList<double>) || type == typeof(IReadOnlyList<float>))
        {
            IEnumerable<double> numbers = (value.Items ?? [value]).Select(item => item.Number);
            return type == typeof(IReadOnlyList<double>) ? numbers.ToArray() : numbers.Select(number => (float)number).ToArray();
        }
        if (value.Entries is { } entries && property.GetValue(owner) is { } inner)
        {
            return Bind(inner, entries, what);
        }
        try
        {
            return type == typeof(char) && value.Text is { Length: 1 } one ? one[0] : System.Convert.ChangeType(value.Text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException or ArgumentNullException)
        {
            throw value.Wrong($"is not {Takes(type)} ({what})");
        }
    }

    private static IEnumerable<PropertyInfo> Properties(object owner) =>
        owner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static string Key(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static string Takes(Type declared)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        return type == typeof(string) ? "text"
            : type == typeof(char) ? "one character"
            : type == typeof(bool) ? "true, false"
            : type == typeof(TimeSpan) ? "seconds"
            : type == typeof(int) || type == typeof(long) || type == typeof(ulong) ? "a whole number"
            : type == typeof(double) || type == typeof(float) ? "a number"
            : type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))
            : type == typeof(IReadOnlyList<string>) ? "list of texts"
            : typeof(IEnumerable).IsAssignableFrom(type) ? "list of numbers"
            : "map";
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        Enum item => JsonNamingPolicy.CamelCase.ConvertName(item.ToString()),
        string text => text,
        IEnumerable list => list.Cast<object>().Any() ? string.Join(", ", list.Cast<object>()) : "none",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };
}
