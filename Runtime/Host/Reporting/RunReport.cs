using Edge.Mqtt;

namespace Edge.Runtime.Reporting;

/// <summary>What a run did: the content of <c>--stats</c>.</summary>
internal sealed record RunReport
{
    public required string Device { get; init; }

    public required string Version { get; init; }

    public required string Engine { get; init; }

    /// <summary>From the start of the process to its first result; null if there was none.</summary>
    public required double? FirstResultMs { get; init; }

    public required double RssMB { get; init; }

    public required double PeakRssMB { get; init; }

    /// <summary>Null where there is no broker.</summary>
    public required MqttCounters? Mqtt { get; init; }

    public required IReadOnlyList<PipelineReport> Pipelines { get; init; }
}
