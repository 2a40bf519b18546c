using System.Text;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

/// <summary>Options for quick tests, and what the client said on the way.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly List<string> _reasons = [];
    private int _waits;

    internal TestClient(int port, Func<MqttClientOptions, MqttClientOptions>? change = null)
    {
        var options = new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = $"test-{Guid.NewGuid():n}",
            BackoffMinimum = TimeSpan.FromMilliseconds(20),
            BackoffMaximum = TimeSpan.FromMilliseconds(200),
        };
        Client = new MqttClient(change is null ? options : change(options));
        Client.StateChanged += (_, e) =>
        {
            lock (_reasons)
            {
                if (e.State == MqttState.Waiting)
                {
                    _reasons.Add(e.Reason);
                    _waits++;
                }
            }
        };
    }

    internal MqttClient Client { get; }

    internal int Waits
    {
        get
        {
            lock (_reasons)
            {
                return _waits;
            }
        }
    }

    internal IReadOnlyList<string> Reasons
    {
        get
        {
            lock (_reasons)
            {
                return [.. _reasons];
            }
        }
    }

    internal static TestClient Connect(MosquittoBroker broker, Func<MqttClientOptions, MqttClientOptions>? change = null)
    {
        var client = new TestClient(broker.Port, change);
        client.Client.Start();
        client.WaitConnected();
        return client;
    }

    internal void WaitConnected() => Wait.Until(() => Client.State == MqttState.Connected, "connected");

    internal void WaitAttempts(int count) => Wait.Until(() => Waits >= count, $"{count} failed attempts");

    internal static ReadOnlySpan<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose() => Client.Dispose();
}
