using System.Net.Sockets;
using System.Text.Json;

namespace Edge.VirtualBoard.Tests;

/// <summary>The virtual machine's control socket (QEMU Machine Protocol): a JSON object a line.</summary>
internal sealed class Qmp : IDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    internal Qmp(string path)
    {
        _socket = UnixSocket.Connect(path);
        var stream = new NetworkStream(_socket);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true };
        _reader.ReadLine();
        Execute("""{ "execute": "qmp_capabilities" }""");
    }

    /// <summary>Pulls the network plug, or puts it in again.</summary>
    internal void SetLink(bool up) => Execute($$"""{ "execute": "set_link", "arguments": { "name": "nic0", "up": {{(up ? "true" : "false")}} } }""");

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
        _socket.Dispose();
    }

    private void Execute(string command)
    {
        _writer.WriteLine(command);
        while (_reader.ReadLine() is { } line)
        {
            using JsonDocument answer = JsonDocument.Parse(line);
            if (answer.RootElement.TryGetProperty("error", out JsonElement error))
            {
                Assert.Fail($"{command}: {error}");
            }
            if (answer.RootElement.TryGetProperty("return", out _))
            {
                return;
            }
        }
        Assert.Fail($"{command}: the virtual machine is gone");
    }
}
