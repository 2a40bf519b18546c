using System.Globalization;
using System.Text;
using Edge.Cli.Terminal;
using Edge.Fleet.Protocol;

namespace Edge.Cli.Demo;

/// <summary>Collects what devices report through mosquitto_sub: a program that nobody here wrote.</summary>
internal sealed class Subscriber : IDisposable
{
    private const string ReadyTopic = Topics.DefaultRoot + "/demo-ready";
    private readonly string _port;
    private readonly Tool _tool;

    /// <summary>Starts to subscribe to everything below the topic root.</summary>
    /// <param name="port">The broker's port on the loopback interface.</param>
    internal Subscriber(int port)
    {
        _port = port.ToString(CultureInfo.InvariantCulture);
        _tool = Tool.Start("mosquitto_sub", "mosquitto-clients", "-h", "127.0.0.1", "-p", _port, "-V", "5", "-q", "1", "-t", $"{Topics.DefaultRoot}/#", "-F", "%t %p");
    }

    /// <summary>Waits until it listens: a retained message reaches it as soon as the broker has taken the subscription.</summary>
    internal async Task ReadyAsync(CancellationToken cancellation)
    {
        using Tool publisher = Tool.Start("mosquitto_pub", "mosquitto-clients", "-h", "127.0.0.1", "-p", _port, "-q", "1", "-r", "-t", ReadyTopic, "-m", "ready");
        (int code, string error) = await publisher.WaitAsync(cancellation);
        if (code != 0)
        {
            throw new ToolException($"mosquitto_pub ended with code {code}: {error}");
        }
        if (await _tool.Output.ReadLineAsync(cancellation) is null)
        {
            (code, error) = await _tool.WaitAsync(cancellation);
            throw new ToolException($"mosquitto_sub ended with code {code}: {error}");
        }
    }

    /// <summary>Reads results until a device says that it goes offline.</summary>
    /// <param name="topics">The device's topics.</param>
    /// <param name="received">Called after each result with how many there are.</param>
    /// <param name="cancellation">Stops reading.</param>
    internal async Task<IReadOnlyList<ClassificationResult>> CollectAsync(Topics topics, Action<int> received, CancellationToken cancellation)
    {
        var results = new List<ClassificationResult>();
        while (await _tool.Output.ReadLineAsync(cancellation) is { } line)
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0)
            {
                continue;
            }
            string topic = line[..space];
            byte[] payload = Encoding.UTF8.GetBytes(line[(space + 1)..]);
            if (topic == topics.Status && StatusMessage.Parse(payload).State == DeviceState.Offline)
            {
                return results;
            }
            if (topic.StartsWith($"{topics.Root}/{topics.Device}/", StringComparison.Ordinal) && topic.EndsWith("/result", StringComparison.Ordinal))
            {
                results.Add(ClassificationResult.Parse(payload));
                received(results.Count);
            }
        }
        throw new ToolException("mosquitto_sub ended before the device said that it was done");
    }

    public void Dispose() => _tool.Dispose();
}
