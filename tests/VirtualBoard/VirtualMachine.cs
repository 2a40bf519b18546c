using System.Diagnostics;
using Edge.Testing;

namespace Edge.VirtualBoard.Tests;

/// <summary>A virtual machine with Debian's kernel and a shell, emulated: so it is the same one wherever it runs.</summary>
internal sealed class VirtualMachine : IDisposable
{
    internal static readonly string Parts = Path.Combine(Repository.Root, "out", "board");

    private readonly string _console;
    private readonly Process _process;

    /// <summary>Starts a machine and waits for its shell.</summary>
    /// <param name="folder">Where its sockets and its console's record go.</param>
    /// <param name="disk">The image that it mounts at /app.</param>
    /// <param name="megabytes">Its memory.</param>
    /// <param name="devices">Further arguments of QEMU.</param>
    internal VirtualMachine(TemporaryFolder folder, string disk, int megabytes, params IEnumerable<string> devices)
    {
        _console = folder["console"];
        string[] arguments =
        [
            "-M", "pc", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", $"{megabytes}", "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", Path.Combine(Parts, "vmlinuz"), "-initrd", Path.Combine(Parts, "initrd"), "-append", "console=ttyS0 quiet panic=-1",
            "-drive", $"file={disk},if=virtio,format=raw,readonly=on",
            "-serial", $"file:{_console}", "-serial", $"unix:{folder["shell"]},server=on,wait=off", "-qmp", $"unix:{folder["qmp"]},server=on,wait=off",
            .. devices,
        ];
        _process = Process.Start(new ProcessStartInfo("qemu-system-x86_64", arguments))!;
        try
        {
            Shell = new GuestShell(folder["shell"]);
            Control = new Qmp(folder["qmp"]);
            Shell.WaitUntilReady();
        }
        catch (Exception e)
        {
            End();
            throw new InvalidOperationException($"the virtual machine does not start: {Console()}", e);
        }
    }

    /// <summary>Whether there is what a machine is started with.</summary>
    internal static bool IsPresent { get; } = OperatingSystem.IsLinux() && File.Exists(Path.Combine(Parts, "stamp")) && File.Exists("/usr/bin/qemu-system-x86_64");

    /// <summary>Arguments for a network, <c>nic0</c>, in which nothing but a broker of this machine can be reached, as 10.0.2.100:1883.</summary>
    /// <param name="port">The broker's port on this machine.</param>
    /// <param name="capture">The file that gets every packet.</param>
    internal static string[] Network(int port, string capture) =>
    [
        // A process a connection: a plain forward takes one connection only.
        "-netdev", $"user,id=net0,restrict=on,guestfwd=tcp:10.0.2.100:1883-cmd:/bin/busybox nc 127.0.0.1 {port}",
        "-device", "virtio-net-pci,netdev=net0,id=nic0,romfile=", "-object", $"filter-dump,id=dump0,netdev=net0,file={capture}",
    ];

    internal GuestShell Shell { get; }

    internal Qmp Control { get; }

    /// <summary>What its kernel has said.</summary>
    internal string Console() => File.Exists(_console) ? File.ReadAllText(_console) : "";

    public void Dispose()
    {
        Control.Dispose();
        Shell.Dispose();
        End();
    }

    private void End()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }
}
