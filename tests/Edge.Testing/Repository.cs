namespace Edge.Testing;

/// <summary>The checkout that the tests run in.</summary>
public static class Repository
{
    /// <summary>The folder that holds Edge.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Edge.sln")))
            {
                return folder;
            }
        }
        string here = Environment.CurrentDirectory;
        return File.Exists(Path.Combine(here, "Edge.sln"))
            ? here
            : throw new InvalidOperationException("run the tests from the folder that holds Edge.sln");
    }
}
