using System.Runtime.InteropServices;
using Edge.Runtime.Native;

namespace Edge.Runtime.Sources;

/// <summary>A file, a pipe or standard input, read without blocking for longer than a stop takes to be noticed.</summary>
internal sealed unsafe class ByteStream : IDisposable
{
    private const int PollMilliseconds = 100;
    private const int StandardInput = 0;

    private readonly int _descriptor;
    private readonly string _name;
    private readonly bool _isOwn;
    private bool _disposed;

    private ByteStream(int descriptor, string name, bool isOwn) => (_descriptor, _name, _isOwn) = (descriptor, name, isOwn);

    /// <summary>Whether it begins again from the start when asked.</summary>
    internal bool CanRewind => Libc.Seek(_descriptor, 0, 1) >= 0;

    /// <summary>Opens a file or a named pipe; a pipe without a writer is waited for.</summary>
    /// <exception cref="SourceException">It cannot be opened.</exception>
    internal static ByteStream Open(string path)
    {
        int descriptor = Libc.Open(path, Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec);
        return descriptor >= 0
            ? new ByteStream(descriptor, path, isOwn: true)
            : throw new SourceException($"{path}: cannot be opened ({Marshal.GetLastPInvokeErrorMessage()}): check the path and its permissions");
    }

    /// <summary>Standard input.</summary>
    internal static ByteStream OpenStandardInput() => new(StandardInput, "stdin", isOwn: false);

    /// <summary>Waits for bytes and reads what is there.</summary>
    /// <param name="target">Where they go; not empty.</param>
    /// <param name="patience">The longest wait, in milliseconds; 0 waits for ever.</param>
    /// <param name="pulse">Told of every look.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>How many bytes; 0 at the end, −1 if the wait was ended.</returns>
    /// <exception cref="SourceException">Nothing came, or reading failed.</exception>
    internal int Read(Span<byte> target, long patience, Pulse pulse, CancellationToken stop)
    {
        long deadline = patience == 0 ? long.MaxValue : Environment.TickCount64 + patience;
        while (!stop.IsCancellationRequested)
        {
            var descriptor = new PollDescriptor { Descriptor = _descriptor, Events = Libc.PollIn };
            int ready = Libc.Poll(&descriptor, 1, PollMilliseconds);
            pulse.Beat();
            if (ready > 0)
            {
                int count = ReadNow(target);
                if (count >= 0)
                {
                    return count;
                }
            }
            if (Environment.TickCount64 > deadline)
            {
                throw new SourceException($"{_name}: nothing came for {patience / 1000.0:0.#} s");
            }
        }
        return -1;
    }

    /// <summary>Goes back to the first byte.</summary>
    internal void Rewind() => Libc.Seek(_descriptor, 0, 0);

    public void Dispose()
    {
        if (_isOwn && !_disposed)
        {
            _disposed = true;
            _ = Libc.Close(_descriptor);
        }
    }

    private int ReadNow(Span<byte> target)
    {
        nint count;
        fixed (byte* pointer = target)
        {
            count = Libc.Read(_descriptor, pointer, (nuint)target.Length);
        }
        if (count >= 0)
        {
            return (int)count;
        }
        return Marshal.GetLastPInvokeError() is Libc.Interrupted or Libc.TryAgain
            ? -1
            : throw new SourceException($"{_name}: cannot be read ({Marshal.GetLastPInvokeErrorMessage()})");
    }
}
