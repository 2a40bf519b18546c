using System.Net.Sockets;
using System.Runtime.InteropServices;
using Edge.Runtime.Native;

namespace Edge.Runtime.Sources.Http;

/// <summary>
/// A connected socket as a stream whose reads wait in slices, so that a stop and a deadline are noticed, and allocate nothing:
/// the socket's own blocking reads allocate whenever they have to wait. One thread at a time; owns the socket.
/// </summary>
/// <param name="socket">A connected socket.</param>
/// <param name="silence">The longest wait for a byte.</param>
/// <param name="stop">Ends every wait.</param>
internal sealed unsafe class PolledStream(Socket socket, TimeSpan silence, CancellationToken stop) : Stream
{
    private const int SliceMilliseconds = 100;
    private const int PollOut = 4;
    private const int BrokenPipe = 32;
    private const int ConnectionReset = 104;

    private readonly int _descriptor = (int)socket.SafeHandle.DangerousGetHandle();

    /// <summary>When everything that is being received must be there (<see cref="Environment.TickCount64"/>).</summary>
    internal long Deadline { get; set; } = long.MaxValue;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">The peer is silent, or the deadline has passed.</exception>
    /// <exception cref="IOException">The connection is lost, or a stop was asked for.</exception>
    public override int Read(Span<byte> buffer)
    {
        long silent = Environment.TickCount64 + (long)silence.TotalMilliseconds;
        fixed (byte* target = buffer)
        {
            while (true)
            {
                nint count = Libc.Read(_descriptor, target, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }
                Wait(Libc.PollIn, silent);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        long silent = Environment.TickCount64 + (long)silence.TotalMilliseconds;
        while (!buffer.IsEmpty)
        {
            // Not write(2): a lost connection would raise SIGPIPE where the runtime does not ignore it.
            int count = socket.Send(buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
            {
                buffer = buffer[count..];
            }
            else if (error == SocketError.WouldBlock)
            {
                WaitFor(PollOut, silent);
            }
            else
            {
                throw new IOException(error is SocketError.ConnectionReset or SocketError.Shutdown ? "the connection was lost" : $"network error {error}");
            }
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Wait(short events, long silent)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is not (Libc.TryAgain or Libc.Interrupted))
        {
            throw new IOException(error is ConnectionReset or BrokenPipe ? "the connection was lost" : Marshal.GetPInvokeErrorMessage(error));
        }
        WaitFor(events, silent);
    }

    private void WaitFor(short events, long silent)
    {
        var descriptor = new PollDescriptor { Descriptor = _descriptor, Events = events };
        _ = Libc.Poll(&descriptor, 1, SliceMilliseconds);
        long now = Environment.TickCount64;
        if (stop.IsCancellationRequested)
        {
            throw new IOException("stopped");
        }
        if (now > Deadline)
        {
            throw new TimeoutException("too slow: a frame or header was not there in time");
        }
        if (now > silent)
        {
            throw new TimeoutException("fell silent");
        }
    }
}
