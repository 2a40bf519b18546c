using Xunit;

namespace Edge.Testing;

/// <summary>Real models, photos and readings that stand beside a developer's checkout; a user's clone has none.</summary>
public static class SharedData
{
    private static readonly string Root = System.IO.Path.Combine(Repository.Root, "..", "shared", "data");

    /// <summary>A file or folder there; the test that asks is skipped where it is absent.</summary>
    /// <param name="parts">The path below the data folder.</param>
    public static string Path(params string[] parts)
    {
        string path = System.IO.Path.Combine([Root, .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip("skipped: ../shared not present");
        }
        return System.IO.Path.GetFullPath(path);
    }
}
