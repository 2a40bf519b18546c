using System.Runtime.InteropServices;
using Edge.Mqtt.Spool.Native;

namespace Edge.Mqtt.Spool;

/// <summary>One connection to one SQLite file. One thread at a time; dispose statements first.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly string _path;
    private readonly SqliteHandle _handle;

    /// <summary>Opens a file, or makes it.</summary>
    /// <exception cref="MqttException">SQLite is not on this machine, or the file cannot be opened.</exception>
    internal SqliteConnection(string path)
    {
        _path = path;
        try
        {
            int status = Sqlite.Open(path, out nint database, Sqlite.OpenFlags, 0);
            _handle = new SqliteHandle(database);
            if (status != Sqlite.Ok)
            {
                _handle.Dispose();
                throw new MqttException($"spool {path}: cannot be opened (SQLite {status}): check the folder, its permissions and the free space");
            }
        }
        catch (DllNotFoundException e)
        {
            throw new MqttException($"{Sqlite.Library} is not on this machine: install it (Debian and Ubuntu: apt install libsqlite3-0)", e);
        }
    }

    /// <summary>The status of the call that failed last.</summary>
    internal int LastError { get; private set; }

    /// <summary>Runs statements that give nothing.</summary>
    /// <exception cref="MqttException">One fails.</exception>
    internal void Execute(string sql) => Check(Sqlite.Execute(_handle, sql, 0, 0, 0));

    /// <summary>Compiles a statement.</summary>
    /// <exception cref="MqttException">It does not fit the file.</exception>
    internal SqliteStatement Prepare(string sql)
    {
        Check(Sqlite.Prepare(_handle, sql, -1, out nint statement, 0));
        return new SqliteStatement(this, statement);
    }

    /// <summary>Turns a status into one line.</summary>
    /// <exception cref="MqttException">The status is a failure.</exception>
    internal void Check(int status)
    {
        if (status is Sqlite.Ok or Sqlite.Row or Sqlite.Done)
        {
            return;
        }
        LastError = status & 0xFF;
        string text = Marshal.PtrToStringUTF8(Sqlite.ErrorMessage(_handle)) ?? $"status {status}";
        string advice = LastError switch
        {
            Sqlite.Busy => "another program uses it: give each edge-runtime a spool of its own",
            Sqlite.Full => "free some space",
            Sqlite.Corrupt or Sqlite.NotADatabase => "it is damaged",
            _ => "check the disk",
        };
        throw new MqttException($"spool {_path}: {text}: {advice}");
    }

    public void Dispose() => _handle.Dispose();
}
