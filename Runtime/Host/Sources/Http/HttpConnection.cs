using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Runtime.Sources.Http;

/// <summary>
/// A connection to a server, plain or TLS, with a buffer of what was received. After it stands, reading allocates nothing.
/// One thread at a time; a stop closes it from another thread.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly Socket _socket;
    private readonly SslStream? _tls;
    private readonly string _label;
    private readonly CancellationTokenRegistration _stop;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private int _start;
    private int _end;

    private HttpConnection(Socket socket, SslStream? tls, string label, CancellationToken stop)
    {
        (_socket, _tls, _label) = (socket, tls, label);
        _stop = stop.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
    }

    /// <summary>When everything that is being received must be there (<see cref="Environment.TickCount64"/>).</summary>
    internal long Deadline { get; set; } = long.MaxValue;

    /// <summary>What was received and not yet used.</summary>
    internal ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Connects.</summary>
    /// <param name="request">Where to.</param>
    /// <param name="stop">Ends the attempt, and closes the connection later.</param>
    /// <exception cref="SourceException">No connection.</exception>
    internal static HttpConnection Open(HttpRequest request, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(request.HeaderPatience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        try
        {
            socket.ConnectAsync(new DnsEndPoint(request.Url.IdnHost, request.Url.Port), patience.Token).AsTask().GetAwaiter().GetResult();
            socket.ReceiveTimeout = (int)request.SilencePatience.TotalMilliseconds;
            socket.SendTimeout = (int)request.HeaderPatience.TotalMilliseconds;
            if (request.Url.Scheme == Uri.UriSchemeHttps)
            {
                tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
                tls.AuthenticateAsClientAsync(TlsOptions(request), patience.Token).GetAwaiter().GetResult();
            }
            return new HttpConnection(socket, tls, request.Label, stop);
        }
        catch (Exception e)
        {
            tls?.Dispose();
            socket.Dispose();
            throw e switch
            {
                OperationCanceledException => new SourceException($"{request.Label}: does not answer: check address and network", e),
                SocketException socketError => new SourceException($"{request.Label}: {Describe(socketError)}: check address and network", e),
                System.Security.Authentication.AuthenticationException or IOException or CryptographicException =>
                    new SourceException($"{request.Label}: TLS: the certificate or the handshake is not accepted: check the address and caFile", e),
                _ => e,
            };
        }
    }

    /// <summary>Sends bytes.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (_tls is not null)
            {
                _tls.Write(bytes);
                return;
            }
            while (!bytes.IsEmpty)
            {
                bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            throw Broken(e);
        }
    }

    /// <summary>Receives more behind what is buffered.</summary>
    /// <returns>False at the end of the stream, or if the buffer is full.</returns>
    /// <exception cref="SourceException">The peer is silent or too slow, or the connection broke.</exception>
    internal bool Fill()
    {
        if (_start > 0)
        {
            Buffered.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
        {
            return false;
        }
        if (Environment.TickCount64 > Deadline)
        {
            throw new SourceException($"{_label}: too slow: a frame or header was not there in time");
        }
        try
        {
            int count = _tls is null ? _socket.Receive(_buffer.AsSpan(_end)) : _tls.Read(_buffer.AsSpan(_end));
            _end += count;
            return count > 0;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            throw Broken(e);
        }
    }

    /// <summary>Takes bytes from what is buffered.</summary>
    internal void Use(int count) => _start += count;

    public void Dispose()
    {
        _stop.Dispose();
        _tls?.Dispose();
        _socket.Dispose();
    }

    private SourceException Broken(Exception e)
    {
        SocketException? error = e as SocketException ?? e.InnerException as SocketException;
        string reason = error is null ? "the connection was closed" : Describe(error);
        return new SourceException($"{_label}: {reason}", e);
    }

    private static string Describe(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "the connection is refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "there is no such host",
        SocketError.TimedOut or SocketError.WouldBlock => "fell silent",
        SocketError.ConnectionReset or SocketError.Shutdown => "the connection was lost",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "the network does not reach it",
        _ => $"network error {e.SocketErrorCode}",
    };

    private static SslClientAuthenticationOptions TlsOptions(HttpRequest request)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = request.Url.IdnHost };
        if (request.CaFile is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(request.CaFile);
            options.CertificateChainPolicy = policy;
        }
        return options;
    }
}
