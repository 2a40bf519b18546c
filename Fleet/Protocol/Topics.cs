namespace Edge.Fleet.Protocol;

/// <summary>The MQTT topics of one device, all below <c>root/device/</c>.</summary>
public sealed class Topics
{
    /// <summary>The root that is used where none is configured.</summary>
    public const string DefaultRoot = "edge";

    /// <summary>The level of blobs, which no device may be called.</summary>
    public const string Blobs = "blobs";

    private readonly string _prefix;

    /// <summary>Names the topics of a device.</summary>
    /// <param name="root">The first level, shared by every device of an installation.</param>
    /// <param name="device">The device's name, unique below the root.</param>
    /// <exception cref="ProtocolException">A name does not fit; see <see cref="TopicName"/>.</exception>
    public Topics(string root, string device)
    {
        Root = TopicName.Check(root, "root");
        Device = TopicName.Check(device, "device");
        Rule.That(Device != Blobs, $"device name \"{Blobs}\"", "has a meaning of its own in topics: choose another name");
        _prefix = $"{Root}/{Device}/";
        Status = _prefix + "status";
        Health = _prefix + "health";
        SetFilter = _prefix + "+/set";
        UpdateDesired = _prefix + "update/desired";
        UpdateReported = _prefix + "update/reported";
    }

    /// <summary>The first level.</summary>
    public string Root { get; }

    /// <summary>The device's name.</summary>
    public string Device { get; }

    /// <summary><c>root/device/status</c>: a retained <see cref="StatusMessage"/>, also the last will.</summary>
    public string Status { get; }

    /// <summary><c>root/device/health</c>: a retained <see cref="HealthMessage"/>.</summary>
    public string Health { get; }

    /// <summary><c>root/device/update/desired</c>: a retained <see cref="DesiredMessage"/>, server to device.</summary>
    public string UpdateDesired { get; }

    /// <summary><c>root/device/update/reported</c>: a retained <see cref="ReportedState"/>, device to server.</summary>
    public string UpdateReported { get; }

    /// <summary>The filter that matches <see cref="Set"/> of every pipeline.</summary>
    public string SetFilter { get; }

    /// <summary><c>root/blobs/sha256</c>: a retained piece of a package, raw bytes, named by its own hash.</summary>
    /// <param name="root">The installation's root.</param>
    /// <param name="sha256">64 lower-case hexadecimal digits.</param>
    public static string Blob(string root, string sha256) => $"{root}/{Blobs}/{sha256}";

    /// <summary><c>root/device/pipeline/result</c>: a <see cref="ClassificationResult"/> or <see cref="DetectionResult"/> per inference or per change.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <exception cref="ProtocolException">The name does not fit; see <see cref="TopicName"/>.</exception>
    public string Result(string pipeline) => $"{_prefix}{TopicName.Check(pipeline, "pipeline")}/result";

    /// <summary><c>root/device/pipeline/event</c>: an <see cref="ObjectEvent"/> when something happens to a tracked object, a <see cref="SensorEvent"/> of readings, a <see cref="GpioEvent"/> of an input.</summary>
    /// <param name="pipeline">The pipeline's name, or the input's.</param>
    /// <exception cref="ProtocolException">The name does not fit; see <see cref="TopicName"/>.</exception>
    public string Event(string pipeline) => $"{_prefix}{TopicName.Check(pipeline, "pipeline")}/event";

    /// <summary><c>root/device/pipeline/snapshot</c>: a JPEG file, where the configuration asks for it.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <exception cref="ProtocolException">The name does not fit; see <see cref="TopicName"/>.</exception>
    public string Snapshot(string pipeline) => $"{_prefix}{TopicName.Check(pipeline, "pipeline")}/snapshot";

    /// <summary><c>root/device/pipeline/set</c>: a <see cref="SetCommand"/> to the pipeline, or a <see cref="GpioCommand"/> to an output.</summary>
    /// <param name="pipeline">The pipeline's name, or the output's.</param>
    /// <exception cref="ProtocolException">The name does not fit; see <see cref="TopicName"/>.</exception>
    public string Set(string pipeline) => $"{_prefix}{TopicName.Check(pipeline, "pipeline")}/set";

    /// <summary><c>root/device/pipeline/state</c>: a retained <see cref="PipelineStateMessage"/>, or a <see cref="GpioState"/> of a line.</summary>
    /// <param name="pipeline">The pipeline's name, or the line's.</param>
    /// <exception cref="ProtocolException">The name does not fit; see <see cref="TopicName"/>.</exception>
    public string State(string pipeline) => $"{_prefix}{TopicName.Check(pipeline, "pipeline")}/state";
}
