using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Edge.Testing;

/// <summary>
/// A real mosquitto on a loopback port of its own, with a configuration of its own and nothing kept on disk.
/// The test is skipped where mosquitto is not installed.
/// </summary>
public sealed class MosquittoBroker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _log = new();
    private readonly string _settings;
    private Process? _process;

    /// <summary>Chooses a free port; nothing runs before <see cref="Start"/>.</summary>
    /// <param name="settings">Further lines of the configuration, with <c>{folder}</c> for the broker's own folder.</param>
    public MosquittoBroker(string settings = "allow_anonymous true")
    {
        if (Program is null)
        {
            _folder.Dispose();
            Assert.Skip("skipped: mosquitto is not installed");
        }
        _settings = settings.Replace("{folder}", _folder.Path, StringComparison.Ordinal);
        Port = FreePort();
    }

    /// <summary>The broker's program, or null where it is not installed.</summary>
    public static string? Program { get; } = Find("mosquitto");

    /// <summary>The loopback port; it stays the same over a restart.</summary>
    public int Port { get; }

    /// <summary>The broker's own folder, for password files and certificates.</summary>
    public TemporaryFolder Folder => _folder;

    /// <summary>What the broker has logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Makes a broker and starts it.</summary>
    /// <param name="settings">Further lines of the configuration.</param>
    public static MosquittoBroker StartNew(string settings = "allow_anonymous true")
    {
        var broker = new MosquittoBroker(settings);
        broker.Start();
        return broker;
    }

    /// <summary>A port that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the broker and waits until it takes connections.</summary>
    public void Start()
    {
        string configuration = _folder["mosquitto.conf"];
        // A broker started by root gives its rights up unless told who it is; then it could not read its own folder.
        File.WriteAllText(configuration, $"listener {Port} 127.0.0.1\n{(_settings.Contains("persistence ", StringComparison.Ordinal) ? "" : "persistence false\n")}log_type {(_settings.Contains("log_type ", StringComparison.Ordinal) ? "error" : "all")}\nuser {Environment.UserName}\n{_settings}\n");
        _process = Launch(Program!, ["-c", configuration]);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Wait.Until(TakesConnections, Patience, () => $"mosquitto does not answer on port {Port}: {Log}");
    }

    /// <summary>Kills the broker, as a power cut would.</summary>
    public void Kill()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            _process = null;
        }
    }

    /// <summary>Ends the broker in good order: with persistence it knows sessions and their messages when it starts again.</summary>
    public void Stop()
    {
        Signal("TERM");
        _process!.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Lets a broker with persistence write its sessions down, so that they outlive <see cref="Kill"/>.</summary>
    public void Save()
    {
        File.Delete(_folder["mosquitto.db"]);
        Signal("USR1");
        // It appears by its last name when it is whole.
        Wait.Until(() => File.Exists(_folder["mosquitto.db"]), Patience, () => $"mosquitto writes no sessions: {Log}");
    }

    /// <summary>Freezes the broker: connections stand, nothing is answered.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>Lets a frozen broker go on.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>Starts <c>mosquitto_sub</c> on this broker; the caller ends it.</summary>
    /// <param name="arguments">Its arguments after host and port.</param>
    public Process StartSubscriber(params string[] arguments) =>
        Launch(Find("mosquitto_sub")!, ["-h", "127.0.0.1", "-p", $"{Port}", .. arguments]);

    /// <summary>Runs <c>mosquitto_sub</c> to its end.</summary>
    /// <param name="arguments">Its arguments after host and port; they must make it end (<c>-C</c>, <c>-W</c>).</param>
    /// <returns>The lines it printed.</returns>
    public IReadOnlyList<string> Subscribe(params string[] arguments)
    {
        using Process process = StartSubscriber(arguments);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs <c>mosquitto_pub</c> to its end.</summary>
    /// <param name="arguments">Its arguments after host and port.</param>
    public void Publish(params string[] arguments)
    {
        using Process process = Launch(Find("mosquitto_pub")!, ["-h", "127.0.0.1", "-p", $"{Port}", .. arguments]);
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"mosquitto_pub: {errors}");
    }

    /// <summary>Waits until the broker has logged a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="times">How often it must be there.</param>
    public void WaitForLog(string text, int times = 1) =>
        Wait.Until(() => Log.Split(text).Length > times, Patience, () => $"the broker never logged \"{text}\": {Log}");

    /// <summary>Kills the broker and removes its folder.</summary>
    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    private static Process Launch(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static string? Find(string name)
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (string folder in path.Split(':').Append("/usr/sbin").Append("/usr/local/sbin"))
        {
            string candidate = Path.Combine(folder, name);
            if (folder.Length > 0 && File.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }

    private bool TakesConnections()
    {
        Assert.False(_process!.HasExited, $"mosquitto ended by itself: {Log}");
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using Process process = Launch("/bin/sh", ["-c", $"kill -{name} {_process!.Id}"]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }
}
