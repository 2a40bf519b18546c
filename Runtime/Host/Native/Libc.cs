using System.Runtime.InteropServices;

namespace Edge.Runtime.Native;

/// <summary>The one call of the C library that this program needs itself.</summary>
internal static partial class Libc
{
    /// <summary>Ends the process at once, with nothing run behind it.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void ExitNow(int status);
}
