using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Runtime.Configuration;
using Edge.Runtime.Gpio;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Service;

/// <summary>
/// Obeys the commands on <c>…/set</c> and says on <c>…/state</c> what became of them. Pausing and thresholds take effect at once,
/// changes of the model when it is loaded.
/// </summary>
/// <param name="pipelines">The pipelines of the moment.</param>
/// <param name="uplink">The device's connection.</param>
/// <param name="jobs">Where models are loaded.</param>
/// <param name="gpio">The outputs of the board.</param>
/// <param name="swap">Loads a pipeline's package; true for a fresh copy.</param>
internal sealed class Commands(PipelineSet pipelines, Uplink uplink, JobQueue jobs, GpioPorts gpio, Action<Pipeline, string> swap)
{
    private readonly Dictionary<string, string?> _errors = new(StringComparer.Ordinal);

    /// <summary>Starts to listen on a connection; ends by itself when it is closed.</summary>
    internal void Listen(MqttLink link)
    {
        MqttSubscription subscription = link.Subscribe(uplink.Topics.SetFilter);
        var thread = new Thread(() => Listen(subscription)) { IsBackground = true, Name = "commands" };
        thread.Start();
    }

    /// <summary>Obeys one message; what is wrong with it is told, never thrown.</summary>
    /// <param name="topic">Where it came.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="isRetained">Whether it is an old one that the broker kept.</param>
    internal void Obey(string topic, ReadOnlySpan<byte> payload, bool isRetained)
    {
        string[] levels = topic.Split('/');
        string name = levels.Length >= 2 ? levels[^2] : "";
        if (pipelines.Find(name) is not { } pipeline)
        {
            if (!gpio.TryObey(name, payload, isRetained))
            {
                Log.Warning($"command: there is no pipeline {Log.OneLine(name)}, and no output of this name");
            }
            return;
        }
        if (isRetained)
        {
            // A command is an event: one that is kept would be obeyed again at every reconnect.
            Log.Warning($"pipeline {name}: a retained command is not obeyed: publish commands without the retain flag");
            return;
        }
        try
        {
            Obey(pipeline, SetCommand.Parse(payload));
            SetError(name, null);
        }
        catch (Exception e) when (e is ProtocolException or ConfigException)
        {
            Log.Warning($"pipeline {name}: {Log.OneLine(e.Message)}");
            SetError(name, Log.OneLine(e.Message));
        }
        PublishState(pipeline);
    }

    /// <summary>Says how a pipeline is.</summary>
    internal void PublishState(Pipeline pipeline)
    {
        string? error;
        lock (_errors)
        {
            error = _errors.GetValueOrDefault(pipeline.Name);
        }
        uplink.Retain(uplink.Topics.State(pipeline.Name), new PipelineStateMessage
        {
            State = pipeline.State,
            Enabled = pipeline.IsEnabled,
            Threshold = pipeline.Threshold is { } threshold ? threshold : pipeline.Model is { } model ? Math.Round(model.Threshold, 6) : null,
            Model = pipeline.Model?.Reference,
            Error = error ?? pipeline.ModelError,
            Time = TimeProvider.System.GetUtcNow(),
        }.ToUtf8());
    }

    private void Obey(Pipeline pipeline, SetCommand command)
    {
        string? path = command.Model is { } model ? Resolve(pipeline, model) : command.Reload == true ? pipeline.PackagePath : null;
        if (command.Threshold is { } threshold)
        {
            pipeline.Threshold = threshold;
        }
        if (command.Enabled is { } enabled)
        {
            pipeline.Enable(enabled);
        }
        if (path is not null)
        {
            jobs.Post($"model {pipeline.Name} {path}", () =>
            {
                swap(pipeline, path);
                PublishState(pipeline);
            });
        }
        Log.Info($"pipeline {pipeline.Name}: told to {Describe(command)}");
    }

    /// <summary>A command names a package in the folder of the configured one: the rest of the disk is nobody's business.</summary>
    private static string Resolve(Pipeline pipeline, string model)
    {
        string folder = Path.GetDirectoryName(pipeline.Config.Package)!;
        string path = Path.GetFullPath(model, folder);
        return Path.GetDirectoryName(path) == folder
            ? path
            : throw new ConfigException($"command: model: must be in the folder of the pipeline's package: give its name alone");
    }

    private static string Describe(SetCommand command)
    {
        var parts = new List<string>();
        if (command.Enabled is { } enabled)
        {
            parts.Add(enabled ? "run" : "pause");
        }
        if (command.Threshold is { } threshold)
        {
            parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"use the threshold {threshold}"));
        }
        if (command.Model is { } model)
        {
            parts.Add($"change to {Log.OneLine(model)}");
        }
        else if (command.Reload == true)
        {
            parts.Add("load its package afresh");
        }
        return parts.Count == 0 ? "do nothing" : string.Join(", ", parts);
    }

    private void SetError(string name, string? error)
    {
        lock (_errors)
        {
            _errors[name] = error;
        }
    }

    private void Listen(MqttSubscription subscription)
    {
        while (subscription.Messages.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (subscription.Messages.TryRead(out MqttMessage? message))
            {
                Obey(message.Topic, message.Payload.Span, message.IsRetained);
            }
        }
    }
}
