using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Edge.Runtime.Configuration;
using Edge.Runtime.Sources;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class MjpegSourceTests
{
    private const string Header = "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n";

    [Fact]
    public void Next_WithLengths_GivesEveryFrame()
    {
        using var server = new FakeServer(connection =>
        {
            connection.Send(Header);
            connection.Send("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\n\r\nabc\r\n--frame\r\ncontent-length:5\r\n\r\n--fra\r\n--frame\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno\r\n--frame\r\nContent-Length: 1\r\n\r\nz");
            connection.Hang();
        });
        Assert.Equal(["abc", "--fra", "z"], Read(server, 3));
    }

    [Fact]
    public void Next_WithoutLengths_FindsTheEnds()
    {
        using var server = new FakeServer(connection =>
        {
            connection.Send("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=\"--frame\"\r\n\r\nsome preamble\r\n");
            connection.Send("--frame\r\nContent-Type: image/jpeg\r\n\r\nab\r\n-");
            connection.Stream.Flush();
            connection.Send("-frame\r\n\r\n-x-\n\r\n--frame\r\n\r\n");
            connection.Send(new string('y', 200_000));
            connection.Send("\r\n--frame--\r\n");
        });
        string[] frames = Read(server, 3);
        Assert.Equal("ab", frames[0]);
        Assert.Equal("-x-\n", frames[1]);
        Assert.Equal(200_000, frames[2].Length);
    }

    [Fact]
    public void Next_Chunked_IgnoresWhereChunksEnd()
    {
        byte[] body = Encoding.Latin1.GetBytes("--frame\r\nContent-Length: 6\r\n\r\nabcdef\r\n--frame\r\n\r\nghi\r\n--frame\r\n\r\nj\r\n--frame");
        for (int size = 1; size < 9; size++)
        {
            int chunk = size;
            using var server = new FakeServer(connection =>
            {
                connection.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n");
                for (int i = 0; i < body.Length; i += chunk)
                {
                    byte[] part = body[i..Math.Min(body.Length, i + chunk)];
                    connection.Send($"{part.Length:x};name=value\r\n{Encoding.Latin1.GetString(part)}\r\n");
                }
                connection.Send("0\r\n\r\n");
            });
            Assert.Equal(["abcdef", "ghi", "j"], Read(server, 3));
        }
    }

    [Fact]
    public void Open_UserAndPassword_AreSentAsBasic()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["password"], "geheim\n");
        using var server = new FakeServer(connection =>
        {
            connection.Send(Header + "--frame\r\nContent-Length: 1\r\n\r\na");
            connection.Hang();
        });
        Read(server, 1, new SourceConfig { Type = "mjpeg", Url = server.Url, UserName = "me", PasswordFile = folder["password"] });
        Assert.Contains($"Authorization: Basic {Convert.ToBase64String("me:geheim"u8)}\r\n", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Redirection_IsFollowedWithoutThePasswordToAnotherHost()
    {
        using var target = new FakeServer(connection =>
        {
            connection.Send(Header + "--frame\r\nContent-Length: 1\r\n\r\na");
            connection.Hang();
        });
        string elsewhere = target.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        using var server = new FakeServer(connection => connection.Send($"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\n\r\n"));
        Assert.Equal(["a"], Read(server, 1, new SourceConfig { Type = "mjpeg", Url = server.Url, UserName = "me" }));
        Assert.Contains("Authorization", server.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", target.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=x\r\n\r\n", "asks for Digest authentication; switch it to Basic")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n\r\n", "wrong user name or password (401)")]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n", "there is nothing (404): check the path of the address")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /stream\r\n\r\n", "redirects again and again: give the final address")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "sends text/html, not multipart/x-mixed-replace: give the address of the MJPEG stream")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n", "names no boundary between its frames")]
    [InlineData("SSH-2.0-OpenSSH_9\r\n\r\n", "is no HTTP server: check the address")]
    [InlineData("", "sends no HTTP header: check the address")]
    [InlineData(Header + "--frame\r\nContent-Length: 99999999999\r\n\r\n", "a frame's length is malformed, or more than the 16777216 bytes that are read")]
    [InlineData(Header + "--frame\r\nContent-Length: -1\r\n\r\n", "a frame's length is malformed, or more than the 16777216 bytes that are read")]
    [InlineData(Header + "--frame\r\nContent-Length: 10\r\n\r\nabc", "the stream ends in the middle of a frame")]
    [InlineData(Header + "--frame\r\n", "the stream ended")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\nzz\r\n", "sends a malformed chunk")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\nffffffffffffffffff\r\n", "sends a malformed chunk")]
    public void Next_Hostile_OneLine(string answer, string message)
    {
        using var server = new FakeServer(connection => connection.Send(answer));
        Assert.Equal($"{server.Url}: {message}", Assert.Throws<SourceException>(() => Read(server, 1)).Message);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "", "sends no HTTP header: check the address")]
    [InlineData(Header, "", "a frame or its header has more than 1048576 bytes")]
    [InlineData(Header + "--frame\r\nX: ", "", "a frame or its header has more than 8192 bytes")]
    [InlineData(Header + "--frame\r\n", "a: b\r\n", "a frame has a header of more than 64 lines")]
    [InlineData(Header + "--frame\r\n\r\n", "", "a frame or its header has more than 16777216 bytes")]
    public void Next_Endless_EndsAtABound(string start, string repeated, string message)
    {
        byte[] filler = Encoding.Latin1.GetBytes(repeated.Length == 0 ? new string('x', 6000) : string.Concat(Enumerable.Repeat(repeated, 100)));
        using var server = new FakeServer(connection =>
        {
            connection.Send(start);
            while (!connection.Stop.IsCancellationRequested)
            {
                connection.Send(filler);
            }
        });
        Assert.Equal($"{server.Url}: {message}", Assert.Throws<SourceException>(() => Read(server, 1)).Message);
    }

    [Fact]
    public void Next_Silence_EndsAtTheTimeOut()
    {
        using var server = new FakeServer(connection =>
        {
            connection.Send(Header + "--frame\r\nContent-Length: 10\r\n\r\nabc");
            connection.Hang();
        });
        SourceException e = Assert.Throws<SourceException>(() => Read(server, 1, new SourceConfig { Type = "mjpeg", Url = server.Url, StallSeconds = 0.2 }));
        Assert.Equal($"{server.Url}: fell silent", e.Message);
    }

    [Fact]
    public void Next_FrameThatDripsIn_EndsAtTheDeadline()
    {
        using var server = new FakeServer(connection =>
        {
            connection.Send(Header + "--frame\r\nContent-Length: 1000000\r\n\r\n");
            while (!connection.Stop.WaitHandle.WaitOne(20))
            {
                connection.Send("x");
            }
        });
        SourceException e = Assert.Throws<SourceException>(() => Read(server, 1, new SourceConfig { Type = "mjpeg", Url = server.Url, StallSeconds = 0.3 }));
        Assert.Equal($"{server.Url}: too slow: a frame or header was not there in time", e.Message);
    }

    [Fact]
    public void Next_StopWhileWaiting_Returns()
    {
        using var server = new FakeServer(connection =>
        {
            connection.Send(Header);
            connection.Hang();
        });
        using var stop = new CancellationTokenSource();
        using var source = new MjpegSource(new SourceConfig { Type = "mjpeg", Url = server.Url }, stop.Token);
        using var frame = new Frame();
        Task<bool> waiting = Task.Run(() => source.Next(frame, new Pulse("test"), stop.Token));
        stop.Cancel();
        Assert.ThrowsAny<Exception>(() => waiting.GetAwaiter().GetResult() ? 0 : throw new SourceException("no frame"));
    }

    [Fact]
    public void Next_AfterWarmUp_AllocatesNothing()
    {
        byte[] image = new byte[30_000];
        using FakeServer server = FakeServer.Camera(_ => image);
        using var stop = new CancellationTokenSource();
        using var source = new MjpegSource(new SourceConfig { Type = "mjpeg", Url = server.Url }, stop.Token);
        using var frame = new Frame();
        var pulse = new Pulse("test");
        void Take()
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.True(source.Next(frame, pulse, stop.Token));
            }
        }
        Take();
        Assert.Equal(0, Allocations.Of(Take));
        Assert.Equal(image.Length, frame.Length);
    }

    [Fact]
    public void Open_Https_TrustsTheGivenAuthorityOnly()
    {
        using var folder = new TemporaryFolder();
        using X509Certificate2 certificate = Certificate(folder["ca.pem"]);
        using X509Certificate2 other = Certificate(folder["other.pem"]);
        byte[] image = new byte[30_000];
        using var server = new FakeServer(
            connection =>
            {
                connection.Send(Header);
                while (!connection.Stop.IsCancellationRequested)
                {
                    connection.Send($"--frame\r\nContent-Length: {image.Length}\r\n\r\n");
                    connection.Send(image);
                }
            },
            certificate);
        var config = new SourceConfig { Type = "mjpeg", Url = server.Url, CaFile = folder["ca.pem"] };
        using (var source = new MjpegSource(config, TestContext.Current.CancellationToken))
        {
            using var frame = new Frame();
            var pulse = new Pulse("test");
            void Take()
            {
                for (int i = 0; i < 50; i++)
                {
                    Assert.True(source.Next(frame, pulse, TestContext.Current.CancellationToken));
                }
            }
            Take();
            Assert.Equal(0, Allocations.Of(Take));
            Assert.Equal(image.Length, frame.Length);
        }
        string message = $"{server.Url}: TLS: the certificate or the handshake is not accepted: check the address and caFile";
        Assert.Equal(message, Assert.Throws<SourceException>(() => Read(server, 1)).Message);
        Assert.Equal(message, Assert.Throws<SourceException>(() => Read(server, 1, config with { CaFile = folder["other.pem"] })).Message);
    }

    /// <summary>A certificate for localhost that is its own authority.</summary>
    private static X509Certificate2 Certificate(string path)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(path, made.ExportCertificatePem());
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static string[] Read(FakeServer server, int count, SourceConfig? config = null)
    {
        using var source = new MjpegSource(config ?? new SourceConfig { Type = "mjpeg", Url = server.Url }, TestContext.Current.CancellationToken);
        using var frame = new Frame();
        var pulse = new Pulse("test");
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            Assert.True(source.Next(frame, pulse, TestContext.Current.CancellationToken));
            return Encoding.Latin1.GetString(frame.Bytes);
        })];
    }
}
