using System.Text;

namespace Edge.Runtime.Sources;

/// <summary>Small files with a password or a token, kept apart from the configuration so that it can be shown.</summary>
internal static class SecretFile
{
    private const int MaximumBytes = 4096;

    /// <summary>A file's text without its trailing line end.</summary>
    /// <exception cref="SourceException">The file cannot be read, or is too long.</exception>
    internal static string Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[MaximumBytes + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaximumBytes
                ? Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n')
                : throw new SourceException($"{path}: longer than {MaximumBytes} bytes: is it the right file?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path}: cannot be read: check the path and its permissions", e);
        }
    }

    /// <summary>The same; empty where there is no file.</summary>
    internal static string ReadOptional(string? path) => path is null ? "" : Read(path);
}
