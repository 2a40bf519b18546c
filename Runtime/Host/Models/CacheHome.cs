using Edge.Runtime.Native;

namespace Edge.Runtime.Models;

/// <summary>
/// Where optimized models are kept unless somebody says otherwise: the service's state folder, or the user's cache. Whoever may
/// write there decides what models compute, so only a folder that belongs to this user, and that nobody else may write, will do.
/// </summary>
internal static class CacheHome
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The folder, which is there; null where there is none that will do.</summary>
    internal static string? Find()
    {
        // Systemd names several state folders with colons between them.
        string? parent = Absolute(Environment.GetEnvironmentVariable("STATE_DIRECTORY")?.Split(':')[0]);
        string? folder = parent is not null ? Path.Combine(parent, "cache")
            : Absolute(Environment.GetEnvironmentVariable("XDG_CACHE_HOME")) is { } cache ? Path.Combine(cache, "edge")
            : Absolute(Environment.GetEnvironmentVariable("HOME")) is { } home ? Path.Combine(home, ".cache", "edge")
            : null;
        return folder is not null && IsOurs(folder) ? folder : null;
    }

    private static bool IsOurs(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder, Private);
            return (File.GetUnixFileMode(folder) & WritableByOthers) == 0 && FileOwner.Of(folder) == Libc.EffectiveUser();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Absolute(string? path) => path is ['/', ..] ? path : null;
}
