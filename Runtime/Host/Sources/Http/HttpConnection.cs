using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Edge.Runtime.Sources.Http;

/// <summary>
/// A connection to a server, plain or TLS, with a buffer of what was received. Once it stands, reading allocates nothing.
/// One thread at a time.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly PolledStream _transport;
    private readonly Stream _stream;
    private readonly string _label;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private int _start;
    private int _end;

    private HttpConnection(PolledStream transport, Stream stream, string label) => (_transport, _stream, _label) = (transport, stream, label);

    /// <summary>When everything that is being received must be there (<see cref="Environment.TickCount64"/>).</summary>
    internal long Deadline
    {
        get => _transport.Deadline;
        set => _transport.Deadline = value;
    }

    /// <summary>What was received and not yet used.</summary>
    internal ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Connects.</summary>
    /// <param name="request">Where to.</param>
    /// <param name="stop">Ends this and every later wait.</param>
    /// <exception cref="SourceException">No connection.</exception>
    internal static HttpConnection Open(HttpRequest request, CancellationToken stop)
    {
#pragma warning disable CA2000 // The connection disposes them.
        PolledStream transport = Connect(request, stop);
        transport.Deadline = Environment.TickCount64 + (long)request.HeaderPatience.TotalMilliseconds;
        if (request.Url.Scheme != Uri.UriSchemeHttps)
        {
            return new HttpConnection(transport, transport, request.Label);
        }
        var tls = new SslStream(transport);
#pragma warning restore CA2000
        try
        {
            tls.AuthenticateAsClient(TlsOptions(request));
            return new HttpConnection(transport, tls, request.Label);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or CryptographicException or TimeoutException)
        {
            tls.Dispose();
            string reason = e is TimeoutException ? e.Message : "the certificate or the handshake is not accepted";
            throw new SourceException($"{request.Label}: TLS: {reason}: check the address and caFile", e);
        }
    }

    /// <summary>Sends bytes.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            throw new SourceException($"{_label}: {e.Message}", e);
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
            int count = _stream.Read(_buffer.AsSpan(_end));
            _end += count;
            return count > 0;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            throw new SourceException($"{_label}: {e.Message}", e);
        }
    }

    /// <summary>Takes bytes from what is buffered.</summary>
    internal void Use(int count) => _start += count;

    public void Dispose() => _stream.Dispose();

    private static PolledStream Connect(HttpRequest request, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(request.HeaderPatience);
#pragma warning disable CA2000 // The stream disposes it.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
        try
        {
            socket.ConnectAsync(new DnsEndPoint(request.Url.IdnHost, request.Url.Port), patience.Token).AsTask().GetAwaiter().GetResult();
            // Reads and writes return at once where they would wait: waiting is the stream's own business.
            socket.Blocking = false;
            return new PolledStream(socket, request.SilencePatience, stop);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            socket.Dispose();
            string reason = e is SocketException socketError ? Describe(socketError) : "does not answer";
            throw new SourceException($"{request.Label}: {reason}: check address and network", e);
        }
    }

    private static string Describe(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "the connection is refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "there is no such host",
        SocketError.TimedOut => "does not answer",
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
