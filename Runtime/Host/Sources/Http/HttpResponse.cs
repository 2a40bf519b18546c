using System.Buffers.Text;
using System.Text;

namespace Edge.Runtime.Sources.Http;

/// <summary>
/// One request and what comes back (RFC 9112): the header within bounds of size and time, then the body, as it is, counted
/// or in chunks. One thread at a time.
/// </summary>
internal sealed class HttpResponse : IDisposable
{
    private const int MaximumHeaderBytes = 16 << 10;
    private const int MaximumChunkLine = 1 << 10;
    private const int MaximumRedirects = 3;

    private readonly HttpConnection _connection;
    private readonly string _label;
    private long _left;
    private bool _isChunked;
    private bool _hasChunk;

    private HttpResponse(HttpConnection connection, string label) => (_connection, _label) = (connection, label);

    internal int Status { get; private set; }

    internal string ContentType { get; private set; } = "";

    internal HttpConnection Connection => _connection;

    private string? Location { get; set; }

    private string? Challenge { get; set; }

    /// <summary>Asks, follows redirections, and reads the header.</summary>
    /// <exception cref="SourceException">No connection, no HTTP, or a status that is not 2xx.</exception>
    internal static HttpResponse Open(HttpRequest request, CancellationToken stop)
    {
        for (int i = 0; i <= MaximumRedirects; i++)
        {
#pragma warning disable CA2000 // The response disposes it.
            var response = new HttpResponse(HttpConnection.Open(request, stop), request.Label);
#pragma warning restore CA2000
            try
            {
                response.Ask(request);
                if (response.Status is >= 200 and < 300)
                {
                    return response;
                }
                request = response.Redirect(request) ?? throw response.Refused();
            }
            catch
            {
                response.Dispose();
                throw;
            }
            response.Dispose();
        }
        throw new SourceException($"{request.Label}: redirects again and again: give the final address");
    }

    /// <summary>The body's bytes that are there, at least one.</summary>
    /// <returns>Empty at the end of the body. Valid until the next call; <see cref="Use"/> takes them.</returns>
    /// <exception cref="SourceException">The body is malformed, or the connection fails.</exception>
    internal ReadOnlySpan<byte> Peek()
    {
        if (_isChunked && _left == 0 && !NextChunk())
        {
            return [];
        }
        if (_left == 0 || (_connection.Buffered.IsEmpty && !_connection.Fill()))
        {
            return [];
        }
        ReadOnlySpan<byte> there = _connection.Buffered;
        return there[..(int)Math.Min(there.Length, _left)];
    }

    /// <summary>Takes bytes of the body.</summary>
    internal void Use(int count)
    {
        _connection.Use(count);
        _left -= _left == long.MaxValue ? 0 : count;
    }

    public void Dispose() => _connection.Dispose();

    private void Ask(HttpRequest request)
    {
        var text = new StringBuilder();
        text.Append(request.Json is null ? "GET " : "POST ").Append(request.Url.PathAndQuery).Append(" HTTP/1.1\r\nHost: ").Append(request.Url.IdnHost.Contains(':', StringComparison.Ordinal) ? $"[{request.Url.IdnHost}]" : request.Url.IdnHost);
        if (!request.Url.IsDefaultPort)
        {
            text.Append(':').Append(request.Url.Port);
        }
        text.Append("\r\nUser-Agent: edge-runtime/").Append(Product.Version).Append("\r\nAccept: */*\r\nConnection: close\r\n");
        if (request.Authorization is { } authorization)
        {
            text.Append("Authorization: ").Append(authorization).Append("\r\n");
        }
        if (request.Json is { } json)
        {
            text.Append("Content-Type: application/json\r\nContent-Length: ").Append(json.Length).Append("\r\n");
        }
        _connection.Deadline = Environment.TickCount64 + (long)request.HeaderPatience.TotalMilliseconds;
        _connection.Send(Encoding.ASCII.GetBytes(text.Append("\r\n").ToString()));
        _connection.Send((request.Json ?? default).Span);
        ReadHeader();
        _connection.Deadline = long.MaxValue;
    }

    private void ReadHeader()
    {
        // A server may say "100 Continue" or the like first.
        do
        {
            int end;
            while ((end = _connection.Buffered.IndexOf("\r\n\r\n"u8)) < 0 || end > MaximumHeaderBytes)
            {
                if (_connection.Buffered.Length > MaximumHeaderBytes || !_connection.Fill())
                {
                    throw new SourceException($"{_label}: sends no HTTP header: check the address");
                }
            }
            Parse(Encoding.Latin1.GetString(_connection.Buffered[..end]));
            _connection.Use(end + 4);
        }
        while (Status < 200);
    }

    private void Parse(string header)
    {
        string[] lines = header.Split("\r\n");
        bool isHttp = lines[0].StartsWith("HTTP/1.", StringComparison.Ordinal) && lines[0].Length >= 12
            && int.TryParse(lines[0].AsSpan(9, 3), System.Globalization.NumberStyles.None, null, out _);
        Status = isHttp ? int.Parse(lines[0].AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
        if (Status is < 100 or > 599)
        {
            throw new SourceException($"{_label}: is no HTTP server: check the address");
        }
        _left = long.MaxValue;
        for (int i = 1; i < lines.Length; i++)
        {
            int colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }
            // It may stand in a message, which is one line.
            string value = Reporting.Log.OneLine(lines[i][(colon + 1)..].Trim());
            switch (lines[i][..colon].ToLowerInvariant())
            {
                case "content-type":
                    ContentType = value;
                    break;
                case "content-length" when long.TryParse(value, System.Globalization.NumberStyles.None, null, out long length):
                    _left = length;
                    break;
                case "transfer-encoding":
                    _isChunked = value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);
                    break;
                case "location":
                    Location = value;
                    break;
                case "www-authenticate":
                    Challenge = value;
                    break;
                default:
                    break;
            }
        }
        _left = _isChunked ? 0 : _left;
    }

    /// <returns>The request for where the server points to; null if it does not.</returns>
    private HttpRequest? Redirect(HttpRequest request)
    {
        if (Status is not (301 or 302 or 303 or 307 or 308) || Location is null || request.Json is not null
            || !Uri.TryCreate(request.Url, Location, out Uri? target) || target.Scheme is not ("http" or "https"))
        {
            return null;
        }
        // A password goes to the host that it was given for, and not from TLS to plain.
        bool same = target.IdnHost == request.Url.IdnHost && (target.Scheme == request.Url.Scheme || target.Scheme == Uri.UriSchemeHttps);
        return request with { Url = target, Authorization = same ? request.Authorization : null };
    }

    private SourceException Refused() => new(Status switch
    {
        401 when Challenge is { } challenge && !challenge.StartsWith("Basic", StringComparison.OrdinalIgnoreCase) =>
            $"{_label}: asks for {Short(challenge.Split(' ')[0])} authentication; switch it to Basic",
        401 or 407 => $"{_label}: wrong user name or password (401)",
        403 => $"{_label}: not allowed (403): check the user's rights",
        404 => $"{_label}: there is nothing (404): check the path of the address",
        _ => $"{_label}: answers with status {Status}",
    });

    private bool NextChunk()
    {
        if (_hasChunk)
        {
            Line(out int between);
            _connection.Use(between + 2);
        }
        ReadOnlySpan<byte> line = Line(out int length);
        if (!Utf8Parser.TryParse(line, out long size, out int digits, 'x') || digits is 0 or > 8 || size < 0 || (digits < line.Length && line[digits] is not ((byte)';' or (byte)' ')))
        {
            throw new SourceException($"{_label}: sends a malformed chunk");
        }
        _connection.Use(length + 2);
        (_left, _hasChunk) = (size, true);
        return size > 0;
    }

    private ReadOnlySpan<byte> Line(out int length)
    {
        while ((length = _connection.Buffered.IndexOf("\r\n"u8)) < 0 || length > MaximumChunkLine)
        {
            if (_connection.Buffered.Length > MaximumChunkLine || !_connection.Fill())
            {
                throw new SourceException($"{_label}: the stream ends in the middle, or a chunk is malformed");
            }
        }
        return _connection.Buffered[..length];
    }

    private static string Short(string text) => text.Length <= 32 ? text : text[..32];
}
