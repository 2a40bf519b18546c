using System.Text.Json;
using Edge.Mqtt;
using Edge.Testing;

namespace Edge.VirtualBoard.Tests;

/// <summary>One run of edge-runtime on the board, from the outside: its log over the serial line, its messages at the broker.</summary>
internal sealed class BoardRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Board _board;
    private readonly MqttSubscription _messages;
    private readonly List<(string Topic, JsonElement Body)> _seen = [];
    private readonly string _device;
    private readonly string _process;
    private bool _ended;

    internal BoardRun(Board board, string device)
    {
        (_board, _device) = (board, device);
        _messages = board.Listen($"edge/{device}/#");
        _process = board.Shell.Run("/app/edge-runtime run --config /tmp/edge-runtime.json --stats /tmp/stats.json > /tmp/run.out 2> /tmp/run.log & echo $!");
    }

    /// <summary>What edge-runtime has said so far.</summary>
    internal string Log => _board.Shell.Run("cat /tmp/run.log");

    /// <summary>The messages of a topic below the device that have come so far.</summary>
    internal List<JsonElement> Seen(string topic)
    {
        while (_messages.Messages.TryRead(out MqttMessage? message))
        {
            if (message.Payload.Length > 0)
            {
                using JsonDocument body = JsonDocument.Parse(message.Payload);
                _seen.Add((message.Topic, body.RootElement.Clone()));
            }
        }
        return [.. _seen.Where(item => item.Topic == $"edge/{_device}/{topic}").Select(item => item.Body)];
    }

    /// <summary>Waits until messages of a topic fulfil a condition.</summary>
    internal List<JsonElement> WaitFor(string topic, Func<List<JsonElement>, bool> condition, string what)
    {
        Wait.Until(() => condition(Seen(topic)), Patience, () => $"waited in vain for: {what}\nlast: {string.Join('\n', Seen(topic).TakeLast(2))}\n{Log}\n{_board.Console()}");
        return Seen(topic);
    }

    /// <summary>Waits until so many more messages of a topic have come.</summary>
    internal List<JsonElement> WaitForMore(string topic, int count)
    {
        int before = Seen(topic).Count;
        return [.. WaitFor(topic, messages => messages.Count >= before + count, $"{count} more messages on {topic}").Skip(before)];
    }

    /// <summary>Ends the run cleanly and reads its report.</summary>
    internal JsonElement Stop()
    {
        _ended = true;
        _board.Shell.Run($"kill -TERM {_process}; wait {_process}");
        using JsonDocument report = JsonDocument.Parse(_board.Shell.Run("cat /tmp/stats.json"));
        return report.RootElement.Clone();
    }

    public void Dispose()
    {
        if (!_ended)
        {
            _board.Shell.Try($"kill -KILL {_process} 2> /dev/null; wait {_process}");
        }
        _messages.Dispose();
    }
}
