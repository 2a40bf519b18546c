using System.Diagnostics;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Hardware.Gpio;
using Edge.Mqtt;
using Edge.Runtime.Configuration;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Service;

namespace Edge.Runtime.Gpio;

/// <summary>
/// The lines of the board that the configuration names: changes of inputs become events, numbered and kept as those of pipelines
/// are, and wake pipelines; outputs are set by commands. Every line's state is retained.
/// </summary>
/// <param name="uplink">The device's connection.</param>
/// <param name="triggers">What changes wake.</param>
/// <param name="open">Asks the kernel for a line.</param>
internal sealed class GpioPorts(Uplink uplink, Triggers triggers, Func<GpioConfig, GpioLine> open) : IDisposable
{
    private GpioPort[] _ports = [];
    private string _made = "";

    /// <summary>What is wrong at this moment, one line each.</summary>
    internal IEnumerable<string> Problems()
    {
        foreach (GpioPort port in Volatile.Read(ref _ports))
        {
            if (port.Error is { } error)
            {
                yield return $"gpio {port.Name}: {error}";
            }
        }
    }

    /// <summary>Holds the lines of a configuration in place of those before; nothing happens where they are the same. One thread at a time.</summary>
    internal void Use(RuntimeConfig config)
    {
        string wanted = $"{uplink.Topics.Status}\n{JsonSerializer.Serialize(config.Gpio, ConfigJsonContext.Default.IReadOnlyListGpioConfig)}";
        if (wanted == _made)
        {
            return;
        }
        _made = wanted;
        GpioPort[] old = _ports;
        Dispose();
        foreach (GpioPort port in old)
        {
            // An empty retained message takes the old one away.
            uplink.Retain(uplink.Topics.State(port.Name), []);
        }
        var ports = new GpioPort[config.Gpio.Count];
        for (int i = 0; i < ports.Length; i++)
        {
            OutboxStream? events = config.Gpio[i].IsOutput ? null : uplink.Open(new MqttTopic(uplink.Topics.Event(config.Gpio[i].Name)), isEvent: true);
            ports[i] = new GpioPort(config.Gpio[i], open, port => PublishState(port, null), (port, edge, lost) => OnEdge(events!, port, edge, lost));
        }
        Volatile.Write(ref _ports, ports);
        Array.ForEach(ports, port => port.Start());
    }

    /// <summary>Obeys a command to an output.</summary>
    /// <param name="name">Whose command it is.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="isRetained">Whether it is an old one that the broker kept.</param>
    /// <returns>False where there is no line of this name.</returns>
    internal bool TryObey(string name, ReadOnlySpan<byte> payload, bool isRetained)
    {
        if (Array.Find(Volatile.Read(ref _ports), port => port.Name == name) is not { } port)
        {
            return false;
        }
        string? problem = isRetained ? "a retained command is not obeyed: publish commands without the retain flag"
            : !port.Config.IsOutput ? "is an input: only outputs are set"
            : null;
        try
        {
            if (problem is null)
            {
                bool active = GpioCommand.Parse(payload).Active;
                Log.Info($"gpio {name}: told to be {(active ? "active" : "inactive")}");
                port.Set(active);
            }
        }
        catch (ProtocolException e)
        {
            problem = Log.OneLine(e.Message);
        }
        if (problem is not null)
        {
            Log.Warning($"gpio {name}: {problem}");
            PublishState(port, problem);
        }
        return true;
    }

    /// <summary>Says how every line is.</summary>
    internal void PublishStates() => Array.ForEach(Volatile.Read(ref _ports), port => PublishState(port, null));

    public void Dispose() => Array.ForEach(Interlocked.Exchange(ref _ports, []), port => port.Dispose());

    private void OnEdge(OutboxStream events, GpioPort port, GpioEdge edge, long lost)
    {
        triggers.OnChange(port.Name, edge.IsRising);
        bool isKept = events.Publish(new GpioEvent
        {
            Input = port.Name,
            Active = edge.IsRising,
            Sequence = edge.Sequence,
            Lost = lost,
            Time = TimeProvider.System.GetUtcNow() - Stopwatch.GetElapsedTime(edge.Timestamp),
            Nanoseconds = edge.Timestamp,
        }.ToUtf8());
        if (!isKept)
        {
            Log.Debug($"gpio {port.Name}: a change was not sent");
        }
    }

    private void PublishState(GpioPort port, string? problem) => uplink.Retain(uplink.Topics.State(port.Name), new GpioState
    {
        Active = port.Active,
        Error = problem ?? port.Error,
        Time = TimeProvider.System.GetUtcNow(),
    }.ToUtf8());
}
