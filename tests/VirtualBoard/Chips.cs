namespace Edge.VirtualBoard.Tests;

/// <summary>The chips of the board's I²C bus, and its lines.</summary>
internal static class Chips
{
    /// <summary>Where the bus is told what goes wrong.</summary>
    internal const string Faults = "/sys/module/board_i2c/parameters";

    // BMP280 datasheet, section 3.12, with humidity's numbers behind: what a BME280 holds from its address 0x88, 0xe1 and 0xf7 on.
    private static readonly (int Register, string Bytes)[] Bme280 =
    [
        (0x88, "706b436718fc7d8e43d6d00b270b8c00f9ff8c3cf8c67017004b"), (0xe1, "6a01001328031e"), (0xd0, "60"), (0xf3, "00"), (0xf7, "655ac07eed006e00"),
    ];

    /// <summary>Puts the chips on their bus, once.</summary>
    /// <returns>The bus.</returns>
    internal static string Bus(GuestShell shell)
    {
        shell.Run("[ -d /sys/module/board_i2c ] || modprobe board-i2c chips=0x76");
        return shell.Run("basename $(dirname $(grep -l 'Edge virtual board' /sys/bus/i2c/devices/i2c-*/name))");
    }

    /// <summary>Writes the registers of a BME280 at 0x76.</summary>
    internal static void FillBme280(GuestShell shell)
    {
        string number = Bus(shell)["i2c-".Length..];
        foreach ((int register, string bytes) in Bme280)
        {
            // busybox's i2cset takes a block: the register, its bytes, and the kind "s" or "i".
            string list = string.Join(' ', Convert.FromHexString(bytes).Select(value => $"0x{value:x2}"));
            shell.Run($"i2cset -y {number} 0x76 0x{register:x2} {list} i");
        }
    }

    /// <summary>Makes eight lines, once; the first two are called PIR and RELAY.</summary>
    /// <returns>The folder in which the kernel shows and takes their levels.</returns>
    internal static string MakeLines(GuestShell shell)
    {
        const string Config = "/sys/kernel/config/gpio-sim/board";
        shell.Run("modprobe gpio-sim");
        shell.Run($"[ -d {Config} ] || {{ mkdir {Config} {Config}/bank0 && echo 8 > {Config}/bank0/num_lines && mkdir {Config}/bank0/line0 {Config}/bank0/line1 && echo PIR > {Config}/bank0/line0/name && echo RELAY > {Config}/bank0/line1/name && echo 1 > {Config}/live; }}");
        return shell.Run($"echo /sys/devices/platform/$(cat {Config}/dev_name)/$(cat {Config}/bank0/chip_name)");
    }
}
