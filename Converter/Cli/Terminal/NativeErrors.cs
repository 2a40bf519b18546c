using System.Runtime.InteropServices;

namespace Edge.Cli.Terminal;

/// <summary>What native code writes to standard error when it dies: nothing that a user could use.</summary>
internal static partial class NativeErrors
{
    private const int StandardError = 2;
    private const int WriteOnly = 1;

    /// <summary>Sends it nowhere from now on. What this program says goes on reaching the terminal: .NET keeps a descriptor of its own.</summary>
    internal static void Silence()
    {
        // Made while the descriptor still is what the user sees.
        _ = Screen.Status;
        _ = Screen.IsInteractive;
        int nowhere = Open("/dev/null", WriteOnly);
        if (nowhere >= 0)
        {
            _ = Dup2(nowhere, StandardError);
            _ = Close(nowhere);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
