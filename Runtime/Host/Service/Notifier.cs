using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Service;

/// <summary>
/// Tells systemd how the service is (<c>sd_notify(3)</c>): datagrams to the socket that NOTIFY_SOCKET names. Does nothing
/// where there is none. Thread-safe.
/// </summary>
internal sealed class Notifier : IDisposable
{
    private readonly Socket? _socket;

    /// <summary>Opens the socket.</summary>
    /// <param name="path">The value of NOTIFY_SOCKET: a path, or with <c>@</c> an abstract name; null for none.</param>
    internal Notifier(string? path)
    {
        if (string.IsNullOrEmpty(path) || path[0] is not ('/' or '@'))
        {
            return;
        }
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
            _socket = socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            Log.Warning($"systemd: its socket {path} cannot be used: {e.Message}");
        }
    }

    /// <summary>How often systemd wants to hear from this process, from WATCHDOG_USEC and WATCHDOG_PID; null where it does not.</summary>
    internal static TimeSpan? WatchdogInterval(string? microseconds, string? process) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long interval) && interval > 0
        && (string.IsNullOrEmpty(process) || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(interval)
            : null;

    /// <summary>Everything is started.</summary>
    internal void Ready(string status) => Send($"READY=1\nSTATUS={Log.OneLine(status)}");

    /// <summary>The configuration is read again; <see cref="Ready"/> ends it.</summary>
    internal void Reloading() => Send(string.Create(CultureInfo.InvariantCulture,
        $"RELOADING=1\nMONOTONIC_USEC={System.Diagnostics.Stopwatch.GetTimestamp() / (System.Diagnostics.Stopwatch.Frequency / 1_000_000)}"));

    /// <summary>What the service does, for <c>systemctl status</c>.</summary>
    internal void Status(string status) => Send($"STATUS={Log.OneLine(status)}");

    /// <summary>Feeds the watchdog.</summary>
    internal void Alive() => Send("WATCHDOG=1");

    /// <summary>The service ends.</summary>
    internal void Stopping() => Send("STOPPING=1");

    public void Dispose() => _socket?.Dispose();

    private void Send(string text)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(text), SocketFlags.None);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Log.Debug($"systemd: does not listen: {e.Message}");
        }
    }
}
