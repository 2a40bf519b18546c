using System.Text.Json;
using Edge.Hardware.Discovery;
using Edge.Hardware.Gpio;
using Edge.Hardware.Health;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Diagnostics;

/// <summary>The work of <c>doctor --hardware</c>: what is plugged into this machine.</summary>
internal static class HardwareReport
{
    internal static int Print(bool json)
    {
        HardwareInventory inventory = HardwareInventory.Take();
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(inventory, ReportJsonContext.Default.HardwareInventory));
            return 0;
        }
        foreach (FoundCamera camera in inventory.Cameras)
        {
            Console.Out.WriteLine($"camera {camera.Path}: {camera.Card} ({camera.Driver}, {camera.Bus})");
            PrintLines(camera.Modes);
        }
        foreach (FoundBus bus in inventory.Buses)
        {
            Console.Out.WriteLine($"bus {bus.Name}: {bus.Adapter}{(bus.Problem is null ? "" : $": {bus.Problem}")}");
            foreach (FoundChip chip in bus.Chips)
            {
                Console.Out.WriteLine($"  0x{chip.Address:x2}: {Describe(chip)}");
            }
        }
        foreach (GpioChipInfo chip in inventory.GpioChips)
        {
            Console.Out.WriteLine($"gpio {chip.Name}: {chip.Label}, {chip.Lines} lines");
        }
        foreach (FoundSensor sensor in inventory.Sensors)
        {
            Console.Out.WriteLine($"sensor {sensor.Name}: {(sensor.Values.Count == 0 ? "does not answer" : string.Join(", ", sensor.Values))}");
        }
        Print(inventory.Board);
        return 0;
    }

    private static void Print(BoardHealth board)
    {
        Console.Out.WriteLine($"board {board.Model ?? "of unknown make"}: memory {board.MemoryAvailableMB ?? double.NaN:0} MB, disk {board.DiskFreeMB ?? double.NaN:0} MB free");
        foreach (ThermalZone zone in board.Temperatures)
        {
            Console.Out.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {zone.Name}: {zone.Celsius:0.0} °C"));
        }
        foreach (PowerRail rail in board.Rails)
        {
            Console.Out.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {rail.Name}: {rail.Value} {rail.Unit}"));
        }
        PrintLines(board.Throttling);
    }

    private static string Describe(FoundChip chip) => chip switch
    {
        { Driver: { } driver } => $"held by the kernel's driver {driver}",
        { IsCertain: true } => $"{chip.Kinds[0]}{(chip.Values.Count == 0 ? "" : ": ")}{string.Join(", ", chip.Values)}",
        { Kinds.Count: > 0 } => $"answers, perhaps {string.Join(" or ", chip.Kinds)}",
        _ => "answers, unknown",
    };

    private static void PrintLines(IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            Console.Out.WriteLine($"  {line}");
        }
    }
}
