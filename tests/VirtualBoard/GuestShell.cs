using System.Net.Sockets;
using System.Text;

namespace Edge.VirtualBoard.Tests;

/// <summary>The shell on the board's second serial line: a line is a command, and <c>@done STATUS</c> ends its output.</summary>
internal sealed class GuestShell : IDisposable
{
    private const int LongestLine = 2000;

    private readonly Socket _socket;
    private readonly StreamReader _reader;

    internal GuestShell(string path)
    {
        _socket = UnixSocket.Connect(path);
        _socket.ReceiveTimeout = 120_000;
        _reader = new StreamReader(new NetworkStream(_socket));
    }

    /// <summary>Waits until the board has started.</summary>
    internal void WaitUntilReady()
    {
        while (ReadLine() != "@ready")
        {
        }
    }

    /// <summary>Runs a command that must succeed.</summary>
    /// <returns>Its output, without the last line end.</returns>
    internal string Run(string command)
    {
        (int status, string output) = Try(command);
        Assert.True(status == 0, $"{command}: exit code {status}: {output}");
        return output;
    }

    /// <summary>Runs a command.</summary>
    internal (int Status, string Output) Try(string command)
    {
        Assert.True(command.Length <= LongestLine, "the line is too long for a terminal");
        _socket.Send(Encoding.UTF8.GetBytes(command + "\n"));
        var output = new StringBuilder();
        while (true)
        {
            string line = ReadLine();
            // Output need not end with a line end.
            int at = line.LastIndexOf("@done ", StringComparison.Ordinal);
            if (at >= 0)
            {
                output.Append(line.AsSpan(0, at));
                return (int.Parse(line.AsSpan(at + 6), System.Globalization.CultureInfo.InvariantCulture), output.ToString().TrimEnd());
            }
            output.Append(line).Append('\n');
        }
    }

    /// <summary>Writes a file.</summary>
    internal void Write(string path, string text)
    {
        string coded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        Run($": > {path}.b64");
        for (int i = 0; i < coded.Length; i += 1500)
        {
            Run($"echo {coded.AsSpan(i, Math.Min(1500, coded.Length - i))} >> {path}.b64");
        }
        Run($"base64 -d {path}.b64 > {path}");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _socket.Dispose();
    }

    private string ReadLine()
    {
        string? line = null;
        try
        {
            line = _reader.ReadLine();
        }
        catch (IOException)
        {
            line = null;
        }
        Assert.True(line is not null, "the board does not answer on its serial line");
        return line.TrimEnd('\r');
    }
}
