using System.IO.Enumeration;
using Edge.Imaging;

namespace Edge.Runtime.Sources;

/// <summary>Lists image files: of a folder, or as paths and patterns name them.</summary>
internal static class ImageList
{
    private const int MaximumFiles = 10_000_000;

    /// <summary>The files of a folder that fit, in ordinal order; its own folders are not looked into.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">Names to take, or null for every JPEG and PNG.</param>
    /// <exception cref="SourceException">The folder cannot be read, or nothing in it fits.</exception>
    internal static string[] OfFolder(string folder, string? pattern)
    {
        var paths = new List<string>();
        Add(paths, folder, pattern, SearchOption.TopDirectoryOnly);
        if (paths.Count == 0)
        {
            throw new SourceException(pattern is null
                ? $"{folder}: holds no JPEG or PNG files: check the path"
                : $"{folder}: holds no file that fits \"{pattern}\": check the pattern");
        }
        paths.Sort(StringComparer.Ordinal);
        return [.. paths];
    }

    /// <summary>The files that paths and patterns name, in the order of the list; those of one pattern in ordinal order.</summary>
    /// <param name="names">Paths; <c>*</c> and <c>?</c> may stand in any level, <c>**</c> for any number of levels.</param>
    /// <exception cref="SourceException">A file is missing, or nothing fits a pattern.</exception>
    internal static string[] OfNames(IReadOnlyList<string> names)
    {
        var paths = new List<string>();
        foreach (string name in names)
        {
            if (name.AsSpan().IndexOfAny('*', '?') < 0)
            {
                paths.Add(File.Exists(name) ? name : throw new SourceException($"{name}: there is no such file: check the path"));
                continue;
            }
            var found = new List<string>();
            string[] levels = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
            Expand("/", levels, 0, found);
            if (found.Count == 0)
            {
                throw new SourceException($"{name}: no file fits: check the pattern");
            }
            found.Sort(StringComparer.Ordinal);
            paths.AddRange(found);
        }
        return [.. paths];
    }

    private static void Expand(string folder, string[] levels, int level, List<string> found)
    {
        string name = levels[level];
        bool last = level == levels.Length - 1;
        if (name == "**")
        {
            Add(found, folder, last ? "*" : null, SearchOption.AllDirectories, levels, level + 1);
        }
        else if (last)
        {
            Add(found, folder, name, SearchOption.TopDirectoryOnly);
        }
        else if (name.AsSpan().IndexOfAny('*', '?') < 0)
        {
            string inner = Path.Combine(folder, name);
            if (Directory.Exists(inner))
            {
                Expand(inner, levels, level + 1, found);
            }
        }
        else
        {
            foreach (string inner in Folders(folder, SearchOption.TopDirectoryOnly))
            {
                if (FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(inner.AsSpan()), ignoreCase: false))
                {
                    Expand(inner, levels, level + 1, found);
                }
            }
        }
    }

    private static void Add(List<string> found, string folder, string? pattern, SearchOption depth, string[] levels, int next)
    {
        if (next >= levels.Length)
        {
            Add(found, folder, pattern, depth);
            return;
        }
        Expand(folder, levels, next, found);
        foreach (string inner in Folders(folder, SearchOption.AllDirectories))
        {
            Expand(inner, levels, next, found);
        }
    }

    private static void Add(List<string> found, string folder, string? pattern, SearchOption depth)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*", depth))
            {
                ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
                bool fits = pattern is null
                    ? ImageFormats.OfName(name) is not null
                    : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
                if (fits)
                {
                    found.Add(path);
                }
                if (found.Count > MaximumFiles)
                {
                    throw new SourceException($"{folder}: more than {MaximumFiles} images: split the folder");
                }
            }
        }
        catch (DirectoryNotFoundException e)
        {
            throw new SourceException($"{folder}: there is no such folder: check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{folder}: cannot be read: check that it is a folder and its permissions", e);
        }
    }

    private static string[] Folders(string folder, SearchOption depth)
    {
        try
        {
            return Directory.GetDirectories(folder, "*", depth);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{folder}: cannot be read: check its permissions", e);
        }
    }
}
