using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Edge.Runtime.Configuration;

/// <summary>Reads <c>edge-runtime.json</c>, checks every field, and resolves paths against the file's own folder.</summary>
internal static class ConfigFile
{
    private const int MaximumBytes = 1 << 20;

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The configuration, with absolute paths.</returns>
    /// <exception cref="ConfigException">The file cannot be read, is no JSON, or says something wrong: the first of its problems.</exception>
    internal static RuntimeConfig Load(string path)
    {
        var problems = new Problems();
        RuntimeConfig? config = Examine(path, problems);
        string more = problems.Count > 1 ? $" (and {problems.Count - 1} more: edge-runtime check --config {path})" : "";
        return config ?? throw new ConfigException($"{path}: {problems.Lines[0]}{more}");
    }

    /// <summary>Reads a file and says everything that is wrong with what it says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Gets the problems, without the file's name.</param>
    /// <returns>The configuration, with absolute paths; null where there are problems.</returns>
    internal static RuntimeConfig? Examine(string path, Problems problems)
    {
        byte[]? bytes = Read(path, problems);
        RuntimeConfig? config = bytes is null ? null : Parse(bytes, problems);
        return config is null ? null : ConfigPaths.Resolve(config, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Reads bytes and says everything that is wrong with them.</summary>
    /// <param name="bytes">What a file holds.</param>
    /// <param name="problems">Gets the problems.</param>
    /// <returns>The configuration with its paths as they are written; null where there are problems.</returns>
    internal static RuntimeConfig? Parse(ReadOnlyMemory<byte> bytes, Problems problems)
    {
        if (!problems.Require(Utf8.IsValid(bytes.Span), "not UTF-8: save it as UTF-8"))
        {
            return null;
        }
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, options);
            JsonShape.Check(document.RootElement, ConfigJsonContext.Default.RuntimeConfig, "", problems);
            if (problems.Count > 0)
            {
                return null;
            }
            RuntimeConfig config = document.RootElement.Deserialize(ConfigJsonContext.Default.RuntimeConfig)!;
            ConfigCheck.Check(config, problems);
            return problems.Count > 0 ? null : config;
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}: " : "";
            problems.Add($"{where}not JSON: check quotes, commas and brackets there");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for a text whose escapes make half a surrogate pair.
            problems.Add("a text holds half a character (\\ud800 to \\udfff alone): write the character itself");
        }
        return null;
    }

    private static byte[]? Read(string path, Problems problems)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (!problems.Require(stream.Length <= MaximumBytes, $"larger than {MaximumBytes} bytes: is it the right file?"))
            {
                return null;
            }
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add("there is no such file: check --config");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add("cannot be read: check that it is a file and its permissions");
        }
        return null;
    }
}
