using System.Runtime.CompilerServices;

namespace Edge.Testing;

/// <summary>The checkout that the tests run in.</summary>
public static class Repository
{
    /// <summary>The folder that holds Edge.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Path.GetDirectoryName(SourcePath())) ??
        throw new InvalidOperationException("the folder that holds Edge.sln is neither above the tests nor where they were compiled");

    private static string? Find(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Edge.sln")))
            {
                return folder;
            }
        }
        return null;
    }

    // The artifacts may lie outside the checkout; the compiler knows where the sources are.
    private static string SourcePath([CallerFilePath] string path = "") => path;
}
