using Edge.Fleet.Protocol;
using Edge.Hardware.Health;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Health;

/// <summary>How the board is, and what this process takes of it. One thread at a time.</summary>
/// <param name="root">Where the kernel's files are: <c>/</c>, or a copy.</param>
/// <param name="folder">A folder whose file system's free space counts.</param>
internal sealed class MachineFacts(string root, string folder)
{
    private TimeSpan _processor = Environment.CpuUsage.TotalTime;
    private long _looked = Environment.TickCount64;
    private long? _throttles;

    internal MachineHealth Look(double? baseline)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long now = Environment.TickCount64;
        double share = now > _looked ? (processor - _processor).TotalMilliseconds / (now - _looked) : 0;
        (_processor, _looked) = (processor, now);
        BoardHealth board = BoardHealth.Look(root, folder);
        bool hasThrottled = board.ThrottleEvents > _throttles;
        _throttles = board.ThrottleEvents;
        IReadOnlyList<string> throttling = hasThrottled ? [.. board.Throttling, "the processor has cut its clock since the last look"] : board.Throttling;
        return new MachineHealth
        {
            Board = board.Model,
            CpuPercent = Math.Round(share * 100, 1),
            Cores = Environment.ProcessorCount,
            RssMB = Math.Round(ProcessFacts.ResidentMegabytes, 1),
            PeakRssMB = Math.Round(ProcessFacts.PeakResidentMegabytes, 1),
            BaselineRssMB = baseline,
            TemperatureCelsius = Hottest(board.Temperatures),
            Temperatures = [.. Zones(board)],
            Supplies = [.. Supplies(board)],
            Throttled = board.IsThrottlingKnown ? throttling.Count > 0 : null,
            Throttling = throttling,
            MemoryAvailableMB = board.MemoryAvailableMB,
            DiskFreeMB = board.DiskFreeMB,
        };
    }

    private static double? Hottest(IReadOnlyList<ThermalZone> zones)
    {
        double? hottest = null;
        foreach (ThermalZone zone in zones)
        {
            hottest = Math.Max(hottest ?? double.MinValue, Math.Round(zone.Celsius, 1));
        }
        return hottest;
    }

    private static IEnumerable<ZoneTemperature> Zones(BoardHealth board)
    {
        foreach (ThermalZone zone in board.Temperatures)
        {
            yield return new ZoneTemperature(zone.Name, Math.Round(zone.Celsius, 1));
        }
    }

    private static IEnumerable<SupplyReading> Supplies(BoardHealth board)
    {
        foreach (PowerRail rail in board.Rails)
        {
            yield return new SupplyReading(rail.Name, rail.Value, rail.Unit);
        }
    }
}
