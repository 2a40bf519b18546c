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
    /// <exception cref="ConfigException">The file cannot be read, is no JSON, or says something wrong.</exception>
    internal static RuntimeConfig Load(string path)
    {
        byte[] bytes = Read(path);
        try
        {
            RuntimeConfig config = Parse(bytes);
            ConfigCheck.Check(config);
            return ConfigPaths.Resolve(config, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (ConfigException e)
        {
            throw new ConfigException($"{path}: {e.Message}", e);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaximumBytes)
            {
                throw new ConfigException($"{path}: larger than {MaximumBytes} bytes: is it the right file?");
            }
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigException($"{path}: there is no such file: check --config", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: cannot be read: check that it is a file and its permissions", e);
        }
    }

    private static RuntimeConfig Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new ConfigException("not UTF-8: save it as UTF-8");
        }
        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, options);
            JsonShape.Check(document.RootElement, ConfigJsonContext.Default.RuntimeConfig, "");
            return document.RootElement.Deserialize(ConfigJsonContext.Default.RuntimeConfig)!;
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}: " : "";
            throw new ConfigException($"{where}not JSON: check quotes, commas and brackets there", e);
        }
        catch (InvalidOperationException e)
        {
            // What the JSON reader throws for a text whose escapes make half a surrogate pair.
            throw new ConfigException("a text holds half a character (\\ud800 to \\udfff alone): write the character itself", e);
        }
    }
}
