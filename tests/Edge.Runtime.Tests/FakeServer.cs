using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Edge.Runtime.Tests;

/// <summary>
/// A server on loopback that says byte for byte what a test wants: a camera, a collector, or something hostile. Each connection
/// gets the request's header and is then handed to the script.
/// </summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<Connection> _script;
    private readonly List<string> _requests = [];
    private readonly X509Certificate2? _certificate;

    /// <param name="script">What is said to each connection.</param>
    /// <param name="certificate">Given, the server speaks TLS.</param>
    internal FakeServer(Action<Connection> script, X509Certificate2? certificate = null)
    {
        (_script, _certificate) = (script, certificate);
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    internal string Url => $"{(_certificate is null ? "http://127.0.0.1" : "https://localhost")}:{((IPEndPoint)_listener.LocalEndpoint).Port}/stream";

    /// <summary>The headers of the requests so far, bodies included where a length was given.</summary>
    internal IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>A camera that sends images in turn for as long as it is listened to.</summary>
    internal static FakeServer Camera(Func<int, byte[]> image, TimeSpan pause = default) => new(connection =>
    {
        connection.Send("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n");
        for (int i = 0; !connection.Stop.IsCancellationRequested; i++)
        {
            byte[] bytes = image(i);
            connection.Send($"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {bytes.Length}\r\n\r\n");
            connection.Send(bytes);
            connection.Send("\r\n");
            connection.Stop.WaitHandle.WaitOne(pause);
        }
    });

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (int number = 0; !_stop.IsCancellationRequested; number++)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            int index = number;
            _ = Task.Factory.StartNew(() => Serve(client, index), TaskCreationOptions.LongRunning);
        }
    }

    private void Serve(TcpClient client, int number)
    {
        using (client)
        {
            try
            {
                using Stream stream = Secure(client.GetStream());
                string request = ReadRequest(stream);
                lock (_requests)
                {
                    _requests.Add(request);
                }
                _script(new Connection(number, stream, _stop.Token));
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client has gone, as clients do, or does not like the certificate.
                return;
            }
        }
    }

    private Stream Secure(NetworkStream stream)
    {
        if (_certificate is null)
        {
            return stream;
        }
        var tls = new SslStream(stream);
        tls.AuthenticateAsServer(_certificate);
        return tls;
    }

    private static string ReadRequest(Stream stream)
    {
        var bytes = new List<byte>();
        int length = -1;
        while (stream.ReadByte() is >= 0 and var b)
        {
            bytes.Add((byte)b);
            if (length < 0 && bytes.Count >= 4 && bytes[^1] == '\n' && bytes[^3] == '\n')
            {
                string header = Encoding.Latin1.GetString([.. bytes]);
                int at = header.IndexOf("Content-Length: ", StringComparison.Ordinal);
                length = bytes.Count + (at < 0 ? 0 : int.Parse(header[(at + 16)..header.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture));
            }
            if (bytes.Count == length)
            {
                break;
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    internal sealed record Connection(int Number, Stream Stream, CancellationToken Stop)
    {
        internal void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

        internal void Send(ReadOnlySpan<byte> bytes) => Stream.Write(bytes);

        /// <summary>Says nothing for as long as the test lasts.</summary>
        internal void Hang() => Stop.WaitHandle.WaitOne();
    }
}
