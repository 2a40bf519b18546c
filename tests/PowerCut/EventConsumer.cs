using System.Text.Json;
using Edge.Mqtt;
using Edge.Testing;

namespace Edge.PowerCut;

/// <summary>Counts the events that have reached a broker.</summary>
internal sealed class EventConsumer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MqttClient _client;
    private readonly MqttSubscription _messages;
    private readonly string _barrier;
    private long _reads;

    internal EventConsumer(string host, int port, string name)
    {
        _barrier = $"edge/barrier/{name}";
        _client = new MqttClient(new MqttClientOptions { Host = host, Port = port, ClientId = name });
        _messages = _client.Subscribe("edge/#", MqttQos.AtLeastOnce, 100_000);
        _client.Start();
        Assert.True(_messages.Acknowledged.Wait(Patience), "the broker does not answer");
    }

    /// <summary>The numbers of the events that the broker has taken since the last call, in order: it hands on in order, so all have come once a message of our own has.</summary>
    internal List<long> Read()
    {
        string own = $"{++_reads}";
        Assert.Equal(MqttPublishResult.Queued, _client.TryPublish(new MqttTopic(_barrier), System.Text.Encoding.UTF8.GetBytes(own)));
        var numbers = new List<long>();
        while (true)
        {
            MqttMessage? message = null;
            Wait.Until(() => _messages.Messages.TryRead(out message), Patience, () => "the broker does not answer");
            if (message!.Topic == _barrier && System.Text.Encoding.UTF8.GetString(message.Payload.Span) == own)
            {
                return numbers;
            }
            if (message.Topic == SpoolProgram.Events)
            {
                using JsonDocument body = JsonDocument.Parse(message.Payload);
                numbers.Add(body.RootElement.GetProperty("event").GetInt64());
            }
        }
    }

    public void Dispose() => _client.Dispose();
}
