using System.Runtime.InteropServices;

namespace Edge.Imaging.Tests;

/// <summary>Memory that ends where a page begins that may not be touched: reading or writing one byte too far ends the process.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private readonly byte* _memory;
    private readonly int _bytes;

    internal GuardedMemory(int bytes)
    {
        int page = Environment.SystemPageSize;
        _bytes = ((bytes + page - 1) / page * page) + page;
        _memory = (byte*)Map(0, (nuint)_bytes, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.Equal(0, Protect(_memory + _bytes - page, (nuint)page, 0));
        Length = bytes;
    }

    internal int Length { get; }

    /// <summary>The last bytes before the guard page.</summary>
    internal Span<T> Span<T>(int count)
        where T : unmanaged => new(_memory + _bytes - Environment.SystemPageSize - (count * sizeof(T)), count);

    public void Dispose() => Assert.Equal(0, Unmap(_memory, (nuint)_bytes));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
