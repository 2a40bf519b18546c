using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Edge.Testing;

/// <summary>
/// A PostgreSQL of a test's own: a fresh cluster on a loopback port, which nothing else listens to. The test is skipped where the
/// server is not installed.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string User = "edge";

    /// <summary>PostgreSQL refuses to run as root: the user that its package makes takes its place.</summary>
    private const string Unprivileged = "postgres";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly int _port = MosquittoBroker.FreePort();
    private readonly StringBuilder _log = new();
    private Process? _process;

    /// <summary>Makes a cluster and starts it.</summary>
    public PostgresServer()
    {
        Assert.SkipWhen(Programs is null, "skipped: postgresql is not installed");
        _folder = Directory.CreateTempSubdirectory("edge-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", Unprivileged, _folder);
        }
        Run(Programs! + "/initdb", "-D", Path.Combine(_folder, "data"), "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        Start();
    }

    /// <summary>The folder of the server's programs; null where it is not installed.</summary>
    private static string? Programs { get; } =
        Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) : null;

    /// <summary>How clients connect.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username={User};Database=postgres";

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public void Start()
    {
        _process = Launch(Programs! + "/postgres", "-D", Path.Combine(_folder, "data"), "-p", $"{_port}", "-h", "127.0.0.1", "-k", "", "-F");
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.BeginErrorReadLine();
        Wait.Until(() => Log.Contains("ready to accept connections", StringComparison.Ordinal) && TakesConnections(), Patience, () => $"PostgreSQL does not start: {Log}");
    }

    /// <summary>Ends it at once, as a crash would: connections break.</summary>
    public void Kill()
    {
        if (_process is not null)
        {
            Run("kill", "-QUIT", $"{_process.Id}");
            _process.WaitForExit();
            _process.Dispose();
            _process = null;
            lock (_log)
            {
                _log.Clear();
            }
        }
    }

    /// <summary>Ends it and removes the cluster.</summary>
    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    private static Process Launch(string program, params string[] arguments)
    {
        bool isServer = program[0] == '/';
        var start = new ProcessStartInfo(isServer && Environment.IsPrivilegedProcess ? "setpriv" : program) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        if (start.FileName == "setpriv")
        {
            Array.ForEach(["--reuid", Unprivileged, "--regid", Unprivileged, "--init-groups", program], start.ArgumentList.Add);
        }
        Array.ForEach(arguments, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Launch(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors} {output.Result}");
    }

    private bool TakesConnections()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
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
