using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>
/// Reads whole files into memory of its own, which it uses again: after warm-up nothing is allocated on the managed heap.
/// One thread at a time; dispose it to give the memory back.
/// </summary>
public sealed unsafe partial class FileReader : IDisposable
{
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int Interrupted = 4;
    private const int FirstBytes = 64 << 10;
    private readonly NativeBuffer _memory = new();

    /// <summary>The largest file that is read, in bytes; 64 MiB unless told.</summary>
    public int MaxBytes { get; init; } = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Its content, valid until the next call or <see cref="Dispose"/>.</returns>
    /// <exception cref="ImageException">The file cannot be read or is too large.</exception>
    public ReadOnlySpan<byte> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        int descriptor = Open(path, ReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            throw Failed(path);
        }
        try
        {
            return ReadAll(descriptor, path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();

    private ReadOnlySpan<byte> ReadAll(int descriptor, string path)
    {
        _memory.Ensure(FirstBytes);
        int length = 0;
        while (true)
        {
            nint count = Read(descriptor, _memory.Pointer + length, _memory.Capacity - (nuint)length);
            if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
                continue;
            }
            if (count < 0)
            {
                throw Failed(path);
            }
            if (count == 0)
            {
                return new ReadOnlySpan<byte>(_memory.Pointer, length);
            }
            length += (int)count;
            if (length > MaxBytes)
            {
                throw new ImageException($"{path}: has more than {MaxBytes} bytes; make the image smaller");
            }
            if ((nuint)length == _memory.Capacity)
            {
                // One byte more than the limit shows that a file is too large.
                _memory.Grow(Math.Min(_memory.Capacity * 2, (nuint)MaxBytes + 1), (nuint)length);
            }
        }
    }

    private static ImageException Failed(string path) =>
        new($"{path}: cannot be read ({Marshal.GetLastPInvokeErrorMessage()})");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* target, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
