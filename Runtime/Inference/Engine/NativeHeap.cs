using System.Runtime.InteropServices;

namespace Edge.Inference;

/// <summary>The C library's heap, which keeps what the engine's optimizer gave back while it loaded a model.</summary>
internal static partial class NativeHeap
{
    /// <summary>Gives unused pages back to the system, where the C library can.</summary>
    internal static void Trim()
    {
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has it; others give pages back by themselves.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
