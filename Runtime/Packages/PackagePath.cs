using System.Buffers;

namespace Edge.Packages;

/// <summary>The names of the entries of a package, and which names are allowed.</summary>
public static class PackagePath
{
    /// <summary>The description of everything else; the bytes that the signature covers.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>The signature over the manifest's exact bytes.</summary>
    public const string Signature = "manifest.sig";

    /// <summary>The model.</summary>
    public const string Model = "model.onnx";

    /// <summary>One class name a line, UTF-8.</summary>
    public const string Labels = "labels.txt";

    /// <summary>The pieces of text that a text model knows.</summary>
    public const string Vocabulary = "vocabulary.json";

    /// <summary>The folder of golden inputs and expected outputs.</summary>
    public const string Golden = "golden/";

    /// <summary>The longest path, in characters.</summary>
    public const int MaxLength = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./");

    /// <summary>
    /// True for a path that may stand in a package: relative, segments of ASCII letters, digits, '-', '_' and '.',
    /// none of them empty, ".", "..", at most <see cref="MaxLength"/> characters.
    /// </summary>
    /// <param name="path">The path.</param>
    public static bool IsValid(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty || path.Length > MaxLength || path.ContainsAnyExcept(Allowed))
        {
            return false;
        }
        foreach (Range range in path.Split('/'))
        {
            if (path[range] is "" or "." or "..")
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>True for the two entries that describe the others and are not listed themselves.</summary>
    internal static bool IsReserved(string path) =>
        path.Equals(Manifest, StringComparison.OrdinalIgnoreCase) || path.Equals(Signature, StringComparison.OrdinalIgnoreCase);

    /// <summary>A path from outside, made fit for one line of an error message.</summary>
    internal static string Quote(ReadOnlySpan<char> path) => $"'{Plain(path, 60)}'";

    /// <summary>Text from outside on one line of printable ASCII, cut to a length.</summary>
    internal static string Plain(ReadOnlySpan<char> text, int length)
    {
        Span<char> plain = stackalloc char[Math.Min(text.Length, length)];
        for (int i = 0; i < plain.Length; i++)
        {
            plain[i] = char.IsAscii(text[i]) && !char.IsControl(text[i]) ? text[i] : '?';
        }
        return text.Length > plain.Length ? $"{plain}..." : plain.ToString();
    }
}
