using System.Runtime.CompilerServices;

namespace Edge.Conformance;

/// <summary>The data that stand beside a developer's checkout; a user's clone has none.</summary>
public static class SharedFolder
{
    /// <summary>What a program says that has nothing to do without them.</summary>
    public const string Absent = "skipped: ../shared not present";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Path { get; } = Find(AppContext.BaseDirectory) ?? Find(System.IO.Path.GetDirectoryName(SourcePath()));

    private static string? Find(string? folder)
    {
        for (; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "Edge.sln")))
            {
                string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, "..", "shared", "data"));
                return Directory.Exists(path) ? path : null;
            }
        }
        return null;
    }

    // The artifacts may lie outside the checkout; the compiler knows where the sources are.
    private static string SourcePath([CallerFilePath] string path = "") => path;
}
