using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Microsoft.Data.Sqlite;

namespace Edge.Fleet.Store;

/// <summary>
/// The fleet's memory, in SQLite: one writer (the server) and commands that anybody with the file leaves for it. One thread at
/// a time; several processes.
/// </summary>
public sealed class FleetStore : IDisposable
{
    private const int Version = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS devices (name TEXT PRIMARY KEY, tags TEXT NOT NULL, excluded INTEGER NOT NULL, pins TEXT NOT NULL,
          first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, online INTEGER NOT NULL, runtime TEXT, reported BLOB, healthy INTEGER, problem TEXT,
          counter INTEGER NOT NULL, wish TEXT NOT NULL, message BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS releases (manifest TEXT PRIMARY KEY, name TEXT NOT NULL, release INTEGER NOT NULL, descriptor TEXT NOT NULL, blobs TEXT NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS groups (name TEXT PRIMARY KEY, query TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS rollouts (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, plan TEXT NOT NULL, header TEXT NOT NULL, time INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS members (rollout TEXT NOT NULL, position INTEGER NOT NULL, device TEXT NOT NULL, member TEXT NOT NULL, PRIMARY KEY (rollout, device)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS commands (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, command TEXT NOT NULL, result TEXT);
        CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private SqliteTransaction? _transaction;

    /// <summary>Opens the database, and makes it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FleetException">It cannot be opened, is none, or is of a newer version.</exception>
    public FleetStore(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            _connection.Open();
            Execute("PRAGMA journal_mode = WAL");
            Execute("PRAGMA synchronous = FULL");
            Execute(Schema);
            long version = Setting("version") is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
            if (version > Version)
            {
                throw new FleetException($"{path}: was written by a newer edge (version {version} of the database, this one knows {Version}): update edge");
            }
            Set("version", Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (SqliteException e)
        {
            _connection.Dispose();
            throw new FleetException($"{path}: cannot be used as the fleet's database ({e.Message}): check the path and its permissions", e);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Does work whole or not at all.</summary>
    /// <param name="work">The work.</param>
    public void InTransaction(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _transaction = transaction;
        try
        {
            work();
            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }
    }

    /// <summary>Every device.</summary>
    public IReadOnlyList<Device> Devices() => Query(
        "SELECT name, tags, excluded, pins, first_seen, last_seen, online, runtime, reported, healthy, problem, counter, wish, message FROM devices ORDER BY name",
        row => new Device
        {
            Name = row.GetString(0),
            Tags = FleetJson.Read<Dictionary<string, string>>(row.GetString(1)),
            IsExcluded = row.GetBoolean(2),
            Pins = FleetJson.Read<Dictionary<string, string>>(row.GetString(3)),
            FirstSeen = Time(row.GetInt64(4)),
            LastSeen = Time(row.GetInt64(5)),
            IsOnline = row.GetInt64(6) > 0,
            IsAway = row.GetInt64(6) < 0,
            Runtime = row.IsDBNull(7) ? null : row.GetString(7),
            Reported = row.IsDBNull(8) ? null : ReportedState.Parse((byte[])row.GetValue(8)),
            IsHealthy = row.IsDBNull(9) ? null : row.GetBoolean(9),
            Problem = row.IsDBNull(10) ? null : row.GetString(10),
            Counter = row.GetInt64(11),
            Wish = row.GetString(12),
            Message = (byte[])row.GetValue(13),
        });

    /// <summary>How many devices there are.</summary>
    public long CountDevices() => Query("SELECT COUNT(*) FROM devices", row => row.GetInt64(0))[0];

    /// <summary>Saves a device.</summary>
    /// <param name="device">The device.</param>
    public void Save(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Run("INSERT OR REPLACE INTO devices VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            device.Name, FleetJson.Text(device.Tags), device.IsExcluded, FleetJson.Text(device.Pins),
            Time(device.FirstSeen), Time(device.LastSeen), device.IsOnline ? 1 : device.IsAway ? -1 : 0, device.Runtime, device.Reported?.ToUtf8(), device.IsHealthy, device.Problem,
            device.Counter, device.Wish, device.Message);
    }

    /// <summary>Every release, the newest last.</summary>
    public IReadOnlyList<ReleaseRecord> Releases() => Query(
        "SELECT descriptor, blobs, time FROM releases ORDER BY name, release, time",
        row => new ReleaseRecord(FleetJson.Read<DesiredRelease>(row.GetString(0)), FleetJson.Read<string[]>(row.GetString(1)), Time(row.GetInt64(2))));

    /// <summary>Saves a release.</summary>
    /// <param name="release">The release.</param>
    public void Save(ReleaseRecord release)
    {
        ArgumentNullException.ThrowIfNull(release);
        Run("INSERT OR REPLACE INTO releases VALUES ($0, $1, $2, $3, $4, $5)", release.Release.ManifestSha256, release.Release.Name, release.Release.Release,
            FleetJson.Text(release.Release), FleetJson.Text(release.Blobs), Time(release.Time));
    }

    /// <summary>Forgets a release.</summary>
    /// <param name="manifest">The SHA-256 of its manifest.</param>
    public void RemoveRelease(string manifest) => Run("DELETE FROM releases WHERE manifest = $0", manifest);

    /// <summary>Groups by name, with their queries.</summary>
    public IReadOnlyDictionary<string, string> Groups() =>
        Query("SELECT name, query FROM groups ORDER BY name", row => (row.GetString(0), row.GetString(1))).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>Names a group of devices, or forgets it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="query">Who belongs to it; null forgets it.</param>
    public void SetGroup(string name, string? query)
    {
        if (query is null)
        {
            Run("DELETE FROM groups WHERE name = $0", name);
        }
        else
        {
            Run("INSERT OR REPLACE INTO groups VALUES ($0, $1)", name, query);
        }
    }

    /// <summary>Every rollout, the oldest first.</summary>
    public IReadOnlyList<Rollout> Rollouts() => [.. Query("SELECT id, plan, header FROM rollouts ORDER BY number", row => (Id: row.GetString(0), Plan: row.GetString(1), Header: row.GetString(2)))
        .Select(row => new Rollout(FleetJson.Read<RolloutPlan>(row.Plan), FleetJson.Read<RolloutHeader>(row.Header), Members(row.Id)))];

    /// <summary>Where a rollout stands; null where there is none of that name.</summary>
    /// <param name="id">Its name.</param>
    public RolloutStatus? StatusOf(string id) => Query("SELECT header FROM rollouts WHERE id = $0", row => FleetJson.Read<RolloutHeader>(row.GetString(0)), id).FirstOrDefault()?.Status;

    /// <summary>Saves a new rollout.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="time">When it was made.</param>
    public void Add(Rollout rollout, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        Run("INSERT INTO rollouts (id, plan, header, time) VALUES ($0, $1, $2, $3)", rollout.Plan.Id, FleetJson.Text(rollout.Plan), FleetJson.Text(rollout.Header), Time(time));
    }

    /// <summary>Saves what has changed of a rollout.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="changes">The members that have changed.</param>
    public void Save(Rollout rollout, IReadOnlyList<Member> changes)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(changes);
        Run("UPDATE rollouts SET header = $1 WHERE id = $0", rollout.Plan.Id, FleetJson.Text(rollout.Header));
        foreach (Member member in changes)
        {
            Run("""
                INSERT INTO members VALUES ($0, (SELECT COUNT(*) FROM members WHERE rollout = $0), $1, $2)
                ON CONFLICT (rollout, device) DO UPDATE SET member = excluded.member
                """, rollout.Plan.Id, member.Device, FleetJson.Text(member));
        }
    }

    /// <summary>Leaves a command for the server.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="command">The command.</param>
    /// <param name="time">When.</param>
    /// <returns>Its number.</returns>
    public long Post(string actor, FleetCommand command, DateTimeOffset time)
    {
        Run("INSERT INTO commands (time, actor, command) VALUES ($0, $1, $2)", Time(time), actor, FleetJson.Text(command));
        return Query("SELECT last_insert_rowid()", row => row.GetInt64(0))[0];
    }

    /// <summary>Commands that have not been obeyed.</summary>
    public IReadOnlyList<(long Id, string Actor, FleetCommand Command)> PendingCommands() =>
        Query("SELECT id, actor, command FROM commands WHERE result IS NULL ORDER BY id", row => (row.GetInt64(0), row.GetString(1), FleetJson.Read<FleetCommand>(row.GetString(2))));

    /// <summary>Says what became of a command.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="result">Empty where it was obeyed; otherwise why not.</param>
    public void Answer(long id, string result) => Run("UPDATE commands SET result = $1 WHERE id = $0", id, result);

    /// <summary>What became of a command; null while it waits.</summary>
    /// <param name="id">Its number.</param>
    public string? AnswerOf(long id) => Query("SELECT result FROM commands WHERE id = $0", row => row.IsDBNull(0) ? null : row.GetString(0), id).FirstOrDefault();

    /// <summary>Notes what was done.</summary>
    /// <param name="entry">The entry.</param>
    public void Audit(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Run("INSERT INTO audit (time, actor, text) VALUES ($0, $1, $2)", Time(entry.Time), entry.Actor, entry.Text);
    }

    /// <summary>What was done, the newest last.</summary>
    /// <param name="after">Entries after this number; 0 for all.</param>
    /// <param name="limit">The most entries, the newest.</param>
    public IReadOnlyList<(long Id, AuditEntry Entry)> AuditEntries(long after, int limit) => [.. Query(
        "SELECT id, time, actor, text FROM audit WHERE id > $0 ORDER BY id DESC LIMIT $1",
        row => (row.GetInt64(0), new AuditEntry(Time(row.GetInt64(1)), row.GetString(2), row.GetString(3))), after, limit).AsEnumerable().Reverse()];

    /// <summary>A setting; null where it is not set.</summary>
    /// <param name="name">Its name.</param>
    public string? Setting(string name) => Query("SELECT value FROM settings WHERE name = $0", row => row.GetString(0), name).FirstOrDefault();

    /// <summary>Sets a setting.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, string value) => Run("INSERT OR REPLACE INTO settings VALUES ($0, $1)", name, value);

    /// <summary>Closes the database.</summary>
    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }
        _connection.Dispose();
    }

    private IReadOnlyList<Member> Members(string rollout) =>
        Query("SELECT member FROM members WHERE rollout = $0 ORDER BY position", row => FleetJson.Read<Member>(row.GetString(0)), rollout);

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private void Run(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        var list = new List<T>();
        using SqliteDataReader reader = Prepare(sql, values).ExecuteReader();
        while (reader.Read())
        {
            list.Add(read(reader));
        }
        return list;
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this class.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters.AddWithValue($"${i}", DBNull.Value);
            }
            _commands.Add(sql, command);
        }
        command.Transaction = _transaction;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
        return command;
    }
}
