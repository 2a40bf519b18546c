using System.IO.Enumeration;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Imaging;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Pipelines;

/// <summary>The images of a folder, by name in ordinal order. Everything about a file that costs memory is made here, once.</summary>
internal sealed class FolderSource
{
    private const int MaximumFiles = 10_000_000;

    private readonly string[] _paths;
    private readonly JsonEncodedText[] _names;

    private FolderSource(string[] paths)
    {
        _paths = paths;
        _names = new JsonEncodedText[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            _names[i] = ClassificationResultWriter.EncodeText(Path.GetFileName(paths[i]));
        }
    }

    internal int Count => _paths.Length;

    internal string FilePath(int index) => _paths[index];

    internal JsonEncodedText Name(int index) => _names[index];

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">The folder; its own folders are not looked into.</param>
    /// <param name="pattern">Names to take, or null for every JPEG and PNG.</param>
    /// <exception cref="ConfigException">The folder cannot be read, or nothing in it fits.</exception>
    internal static FolderSource Open(string folder, string? pattern)
    {
        var paths = new List<string>();
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder))
            {
                ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
                bool fits = pattern is null
                    ? ImageFormats.OfName(name) is not null
                    : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
                if (fits)
                {
                    paths.Add(path);
                }
                if (paths.Count > MaximumFiles)
                {
                    throw new ConfigException($"{folder}: more than {MaximumFiles} images: split the folder");
                }
            }
        }
        catch (DirectoryNotFoundException e)
        {
            throw new ConfigException($"{folder}: there is no such folder: check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{folder}: cannot be read: check that it is a folder and its permissions", e);
        }
        if (paths.Count == 0)
        {
            throw new ConfigException(pattern is null
                ? $"{folder}: holds no JPEG or PNG files: check the path"
                : $"{folder}: holds no file that fits \"{pattern}\": check the pattern");
        }
        paths.Sort(StringComparer.Ordinal);
        return new FolderSource([.. paths]);
    }
}
