using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>How the machine is, and what this process takes of it.</summary>
public sealed record MachineHealth
{
    /// <summary>What the board's maker calls it; null where the board does not tell.</summary>
    public string? Board { get; init; }

    /// <summary>Processor time of this process in the last interval, in per cent of one core.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Cores that the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Resident memory, in 10⁶ bytes.</summary>
    [JsonPropertyName("rssMB")]
    public required double RssMB { get; init; }

    /// <summary>The most resident memory so far, in 10⁶ bytes.</summary>
    [JsonPropertyName("peakRssMB")]
    public required double PeakRssMB { get; init; }

    /// <summary>Resident memory once everything was warm, in 10⁶ bytes; null before.</summary>
    [JsonPropertyName("baselineRssMB")]
    public required double? BaselineRssMB { get; init; }

    /// <summary>The hottest thermal zone, in °C; null where the kernel knows none.</summary>
    public required double? TemperatureCelsius { get; init; }

    /// <summary>Whether the processor is slowed down because of heat or power; null where the kernel does not tell.</summary>
    public required bool? Throttled { get; init; }

    /// <summary>Why, in words, one each; empty where it is not slowed down or the kernel does not tell.</summary>
    public IReadOnlyList<string> Throttling { get; set; } = [];

    /// <summary>Every temperature that the kernel watches.</summary>
    public IReadOnlyList<ZoneTemperature> Temperatures { get; set; } = [];

    /// <summary>The supplies that the board watches.</summary>
    public IReadOnlyList<SupplyReading> Supplies { get; set; } = [];

    /// <summary>Memory that programs can still have, in 10⁶ bytes; null where the kernel does not tell.</summary>
    [JsonPropertyName("memoryAvailableMB")]
    public double? MemoryAvailableMB { get; init; }

    /// <summary>Free space of the file system that the configuration is on, in 10⁶ bytes; null where it is not to be read.</summary>
    [JsonPropertyName("diskFreeMB")]
    public required double? DiskFreeMB { get; init; }
}
