using System.Globalization;
using System.Text;
using Edge.Cli.Terminal;
using Edge.Fleet.Protocol;

namespace Edge.Cli.Demo;

/// <summary>Collects what devices report through mosquitto_sub: a program that nobody here wrote.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly Tool _tool;

    /// <summary>Starts to subscribe to everything below the topic root.</summary>
    /// <param name="port">The broker's port on the loopback interface.</param>
    // In debug mode mosquitto_sub says on standard output when the broker has confirmed.
    internal Subscriber(int port) => _tool = Tool.Start("mosquitto_sub", "mosquitto-clients",
        "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-V", "5", "-q", "1", "-d", "-t", $"{Topics.DefaultRoot}/#", "-F", "%t %p");

    /// <summary>Waits until the broker has confirmed the subscription.</summary>
    internal async Task ReadyAsync(CancellationToken cancellation)
    {
        while (await _tool.Output.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("Subscribed", StringComparison.Ordinal))
            {
                return;
            }
        }
        (int code, string error) = await _tool.WaitAsync(cancellation);
        throw new ToolException($"mosquitto_sub ended with code {code}: {error}");
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
