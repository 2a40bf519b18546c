namespace Edge.Training.Data;

/// <summary>Finds files in folders that are named as their classes.</summary>
internal static class ClassFolders
{
    private const int MaximumClasses = 10_000;
    private const int MaximumFiles = 1 << 24;

    /// <summary>All files of some kinds, class after class, sorted by name.</summary>
    /// <param name="root">The folder of the classes' folders.</param>
    /// <param name="endings">With the dot, in small letters.</param>
    /// <param name="known">The classes that there may be; null takes those that there are.</param>
    /// <param name="classes">The classes.</param>
    public static IReadOnlyList<ClassFile> Find(string root, IReadOnlyList<string> endings, IReadOnlyList<string>? known, out IReadOnlyList<string> classes)
    {
        var files = new List<ClassFile>();
        try
        {
            string[] folders = [.. Directory.EnumerateDirectories(root).Where(folder => !Path.GetFileName(folder).StartsWith('.')).Take(MaximumClasses + 1)];
            NameList names = known is not null ? NameList.Given(known) : NameList.Of(folders.Select(folder => Path.GetFileName(folder)), MaximumClasses, root);
            classes = names.Names;
            foreach (string folder in folders.Order(StringComparer.Ordinal))
            {
                int number = names.Find(Path.GetFileName(folder));
                if (number < 0)
                {
                    throw new DataException($"{folder}: is a class that the training folder does not have; remove it or add training data");
                }
                files.AddRange(new DirectoryInfo(folder).EnumerateFiles()
                    .Where(file => endings.Contains(file.Extension.ToLowerInvariant()))
                    .OrderBy(file => file.Name, StringComparer.Ordinal)
                    .Select(file => new ClassFile(file.FullName, number, file.Length)));
                if (files.Count > MaximumFiles)
                {
                    throw new DataException($"{root}: has more than {MaximumFiles} files; split it");
                }
            }
        }
        catch (DirectoryNotFoundException e)
        {
            throw new DataException($"{root}: no such folder; check the path of the data set", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{root}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        return files.Count > 0
            ? files
            : throw new DataException($"{root}: has no folder with files {string.Join(", ", endings)}; give a folder for each class");
    }
}
