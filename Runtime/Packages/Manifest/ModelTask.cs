using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>What a model does for its user.</summary>
[JsonConverter(typeof(NamedEnumConverter<ModelTask>))]
public enum ModelTask
{
    /// <summary>One class for a whole image.</summary>
    [JsonStringEnumMemberName("classify")]
    Classify,

    /// <summary>Boxes with classes in an image.</summary>
    [JsonStringEnumMemberName("detect")]
    Detect,

    /// <summary>One class for a window of sensor readings.</summary>
    [JsonStringEnumMemberName("sensor-classify")]
    SensorClassify,

    /// <summary>A score that says how unusual the input is.</summary>
    [JsonStringEnumMemberName("anomaly")]
    Anomaly,

    /// <summary>One class for a text.</summary>
    [JsonStringEnumMemberName("text-classify")]
    TextClassify,

    /// <summary>A class for every pixel.</summary>
    [JsonStringEnumMemberName("segment")]
    Segment,
}
