using System.Buffers;

namespace Edge.Fleet.Protocol;

/// <summary>What must hold for a message that parsed.</summary>
internal static class Rule
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    internal static void That(bool condition, string path, string rule)
    {
        if (!condition)
        {
            throw new ProtocolException($"{path}: {rule}");
        }
    }

    internal static void Hash(string text, string path) =>
        That(text.Length == 64 && !text.AsSpan().ContainsAnyExcept(HexDigits), path, "must be 64 lower-case hexadecimal digits");

    /// <summary>A text that ends up in logs and file names: printable ASCII without slashes.</summary>
    internal static void Text(string text, string path, int maximum)
    {
        That(text.Length >= 1 && text.Length <= maximum, path, $"must have 1 to {maximum} characters");
        foreach (char c in text)
        {
            That(c is > ' ' and < '\x7f' and not '/', path, "must be printable ASCII without spaces and slashes");
        }
    }
}
