using System.Text;

namespace Edge.Packages;

/// <summary><c>labels.txt</c>: one class name a line, UTF-8.</summary>
internal static class LabelFile
{
    private const int MaxLabels = 1 << 16;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True for a name that fits on a line.</summary>
    internal static bool IsLabel(ReadOnlySpan<char> label) =>
        !label.IsEmpty && !label.ContainsAnyInRange('\0', '\x1f') && !label.ContainsAnyInRange('\x7f', '\x9f');

    /// <summary>Reads the names; a line may end with CR LF, the last one without any.</summary>
    /// <exception cref="PackageException">Not UTF-8, an empty line, a control character, or too many.</exception>
    internal static string[] Parse(ReadOnlySpan<byte> bytes)
    {
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new PackageException($"{PackagePath.Labels}: not UTF-8; save it as UTF-8 and make the package again", exception);
        }
        var labels = new List<string>();
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            line = line is [.. var name, '\r'] ? name : line;
            if (!IsLabel(line) || labels.Count == MaxLabels)
            {
                throw new PackageException($"{PackagePath.Labels}: line {labels.Count + 1} is empty, holds a control character, or is one of more than {MaxLabels}; mend it and make the package again");
            }
            labels.Add(line.ToString());
        }
        return [.. labels];
    }
}
