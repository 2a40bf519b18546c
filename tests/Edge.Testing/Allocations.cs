namespace Edge.Testing;

/// <summary>Counts what code allocates on the managed heap.</summary>
public static class Allocations
{
    private const int Attempts = 5;

    /// <summary>The bytes that a piece of code allocates on this thread, at least.</summary>
    /// <param name="work">The code; it runs several times, and is warm already.</param>
    /// <remarks>
    /// A garbage collection that another test causes takes this thread's allocation buffer away, and the runtime counts what was
    /// left of it. Code that allocates does so every time; such a collection does not come every time.
    /// </remarks>
    public static long Of(Action work)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
