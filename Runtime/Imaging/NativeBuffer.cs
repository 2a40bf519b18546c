using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>Memory outside the managed heap that grows and never shrinks, so that reuse costs nothing.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>Bytes that may be read or written past the end, for kernels that work in vectors.</summary>
    internal const int Slack = 64;
    private const nuint Alignment = 64;
    private void* _memory;

    ~NativeBuffer() => Free();

    /// <summary>The first byte; null before the first <see cref="Ensure"/>.</summary>
    internal byte* Pointer => (byte*)_memory;

    /// <summary>Bytes that are there.</summary>
    internal nuint Capacity { get; private set; }

    /// <summary>Makes room; what was there is lost when it grows.</summary>
    internal void Ensure(nuint bytes)
    {
        if (bytes <= Capacity && _memory is not null)
        {
            return;
        }
        Free();
        _memory = NativeMemory.AlignedAlloc(bytes + Slack, Alignment);
        Capacity = bytes;
        // Vector kernels read the slack: it must not differ from run to run.
        NativeMemory.Clear((byte*)_memory + bytes, Slack);
    }

    /// <summary>Makes room and keeps what is there.</summary>
    internal void Grow(nuint bytes, nuint keep)
    {
        if (bytes <= Capacity)
        {
            return;
        }
        void* old = _memory;
        _memory = NativeMemory.AlignedAlloc(bytes + Slack, Alignment);
        NativeMemory.Copy(old, _memory, Math.Min(keep, Capacity));
        NativeMemory.AlignedFree(old);
        Capacity = bytes;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        Capacity = 0;
    }
}
