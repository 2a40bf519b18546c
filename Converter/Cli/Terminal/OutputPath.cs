namespace Edge.Cli.Terminal;

/// <summary>Looks at where something is to be written before the work begins.</summary>
internal static class OutputPath
{
    /// <summary>Lets a path pass whose folder is there.</summary>
    /// <exception cref="ToolException">The folder is not there, or the path is one itself.</exception>
    internal static string Check(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (Directory.Exists(path))
        {
            throw new ToolException($"{path}: is a folder; name a file");
        }
        return Directory.Exists(folder) ? path : throw new ToolException($"{path}: its folder does not exist; make it first");
    }
}
