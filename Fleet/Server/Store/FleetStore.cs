using System.Data.Common;
using System.Globalization;
using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;

namespace Edge.Fleet.Store;

/// <summary>
/// The fleet's memory, in SQLite or PostgreSQL: one writer (the server that leads) and commands that anybody with the database leaves
/// for it. One thread at a time; several processes.
/// </summary>
public sealed partial class FleetStore : IDisposable
{
    private const int Version = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS devices (name TEXT PRIMARY KEY, tags TEXT NOT NULL, excluded BIGINT NOT NULL, pins TEXT NOT NULL,
          first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL, online BIGINT NOT NULL, runtime TEXT, reported BYTEA, healthy BIGINT, problem TEXT,
          counter BIGINT NOT NULL, wish TEXT NOT NULL, message BYTEA NOT NULL) {keyed};
        CREATE TABLE IF NOT EXISTS releases (manifest TEXT PRIMARY KEY, name TEXT NOT NULL, release BIGINT NOT NULL, descriptor TEXT NOT NULL, blobs TEXT NOT NULL, time BIGINT NOT NULL) {keyed};
        CREATE TABLE IF NOT EXISTS groups (name TEXT PRIMARY KEY, query TEXT NOT NULL) {keyed};
        CREATE TABLE IF NOT EXISTS rollouts (number {id}, id TEXT UNIQUE NOT NULL, plan TEXT NOT NULL, header TEXT NOT NULL, time BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS members (rollout TEXT NOT NULL, position BIGINT NOT NULL, device TEXT NOT NULL, member TEXT NOT NULL, PRIMARY KEY (rollout, device)) {keyed};
        CREATE TABLE IF NOT EXISTS commands (id {id}, time BIGINT NOT NULL, actor TEXT NOT NULL, command TEXT NOT NULL, result TEXT);
        CREATE INDEX IF NOT EXISTS commands_pending ON commands (id) WHERE result IS NULL;
        CREATE TABLE IF NOT EXISTS audit (id {id}, time BIGINT NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) {keyed};
        CREATE TABLE IF NOT EXISTS servers (name TEXT PRIMARY KEY, beat BIGINT NOT NULL) {keyed};
        CREATE TABLE IF NOT EXISTS forwarded (id {id}, kind BIGINT NOT NULL, device TEXT NOT NULL, payload BYTEA NOT NULL);
        """;

    private readonly Database _database;

    /// <summary>Opens the database, and makes it where there is none.</summary>
    /// <param name="place">A file of SQLite, or a connection string of PostgreSQL (<c>Host=…;Database=…</c>).</param>
    /// <exception cref="FleetException">It cannot be opened, is none, or is of a newer version.</exception>
    public FleetStore(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        Database? database = null;
        try
        {
            database = new Database(place);
            _database = database;
            database.Create(Schema);
            long version = Setting("version") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
            if (version > Version)
            {
                throw new FleetException($"{Name(place)}: was written by a newer edge (version {version} of the database, this one knows {Version}): update edge");
            }
            if (version < Version)
            {
                Set("version", Version.ToString(CultureInfo.InvariantCulture));
            }
        }
        catch (Exception e) when (e is DbException or ArgumentException)
        {
            database?.Dispose();
            string what = Database.IsServer(place) ? "that the server runs and lets this user in" : "the path and its permissions";
            throw new FleetException($"{Name(place)}: cannot be used as the fleet's database ({e.Message.ReplaceLineEndings(" ")}): check {what}", e);
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    /// <summary>Whether several servers may use it at a time.</summary>
    public bool IsShared => _database.IsShared;

    /// <summary>Does work whole or not at all.</summary>
    /// <param name="work">The work.</param>
    public void InTransaction(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _database.InTransaction(work);
    }

    /// <summary>Every device.</summary>
    public IReadOnlyList<Device> Devices() => _database.Query(
        "SELECT name, tags, excluded, pins, first_seen, last_seen, online, runtime, reported, healthy, problem, counter, wish, message FROM devices ORDER BY name",
        row => new Device
        {
            Name = row.GetString(0),
            Tags = FleetJson.Read<Dictionary<string, string>>(row.GetString(1)),
            IsExcluded = row.GetInt64(2) != 0,
            Pins = FleetJson.Read<Dictionary<string, string>>(row.GetString(3)),
            FirstSeen = Time(row.GetInt64(4)),
            LastSeen = Time(row.GetInt64(5)),
            IsOnline = row.GetInt64(6) > 0,
            IsAway = row.GetInt64(6) < 0,
            Runtime = row.IsDBNull(7) ? null : row.GetString(7),
            Reported = row.IsDBNull(8) ? null : ReportedState.Parse((byte[])row.GetValue(8)),
            IsHealthy = row.IsDBNull(9) ? null : row.GetInt64(9) != 0,
            Problem = row.IsDBNull(10) ? null : row.GetString(10),
            Counter = row.GetInt64(11),
            Wish = row.GetString(12),
            Message = (byte[])row.GetValue(13),
        });

    /// <summary>How many devices there are.</summary>
    public long CountDevices() => _database.Query("SELECT COUNT(*) FROM devices", row => row.GetInt64(0))[0];

    /// <summary>Saves a device.</summary>
    /// <param name="device">The device.</param>
    public void Save(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _database.Run("""
            INSERT INTO devices (name, tags, excluded, pins, first_seen, last_seen, online, runtime, reported, healthy, problem, counter, wish, message)
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)
            ON CONFLICT (name) DO UPDATE SET tags = excluded.tags, excluded = excluded.excluded, pins = excluded.pins, last_seen = excluded.last_seen, online = excluded.online,
              runtime = excluded.runtime, reported = excluded.reported, healthy = excluded.healthy, problem = excluded.problem, counter = excluded.counter, wish = excluded.wish, message = excluded.message
            """,
            device.Name, FleetJson.Text(device.Tags), device.IsExcluded ? 1L : 0L, FleetJson.Text(device.Pins),
            Time(device.FirstSeen), Time(device.LastSeen), device.IsOnline ? 1L : device.IsAway ? -1L : 0L, device.Runtime, device.Reported?.ToUtf8(),
            device.IsHealthy is { } healthy ? healthy ? 1L : 0L : null, device.Problem, device.Counter, device.Wish, device.Message);
    }

    /// <summary>Every release, the newest last.</summary>
    public IReadOnlyList<ReleaseRecord> Releases() => _database.Query(
        "SELECT descriptor, blobs, time FROM releases ORDER BY name, release, time",
        row => new ReleaseRecord(FleetJson.Read<DesiredRelease>(row.GetString(0)), FleetJson.Read<string[]>(row.GetString(1)), Time(row.GetInt64(2))));

    /// <summary>Saves a release.</summary>
    /// <param name="release">The release.</param>
    public void Save(ReleaseRecord release)
    {
        ArgumentNullException.ThrowIfNull(release);
        _database.Run("""
            INSERT INTO releases (manifest, name, release, descriptor, blobs, time) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)
            ON CONFLICT (manifest) DO UPDATE SET name = excluded.name, release = excluded.release, descriptor = excluded.descriptor, blobs = excluded.blobs, time = excluded.time
            """, release.Release.ManifestSha256, release.Release.Name, release.Release.Release,
            FleetJson.Text(release.Release), FleetJson.Text(release.Blobs), Time(release.Time));
    }

    /// <summary>Forgets a release.</summary>
    /// <param name="manifest">The SHA-256 of its manifest.</param>
    public void RemoveRelease(string manifest) => _database.Run("DELETE FROM releases WHERE manifest = @p0", manifest);

    /// <summary>Groups by name, with their queries.</summary>
    public IReadOnlyDictionary<string, string> Groups() =>
        _database.Query("SELECT name, query FROM groups ORDER BY name", row => (row.GetString(0), row.GetString(1))).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>Names a group of devices, or forgets it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="query">Who belongs to it; null forgets it.</param>
    public void SetGroup(string name, string? query)
    {
        if (query is null)
        {
            _database.Run("DELETE FROM groups WHERE name = @p0", name);
        }
        else
        {
            _database.Run("INSERT INTO groups (name, query) VALUES (@p0, @p1) ON CONFLICT (name) DO UPDATE SET query = excluded.query", name, query);
        }
    }

    /// <summary>Notes what was done.</summary>
    /// <param name="entry">The entry.</param>
    public void Audit(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _database.Run("INSERT INTO audit (time, actor, text) VALUES (@p0, @p1, @p2)", Time(entry.Time), entry.Actor, entry.Text);
    }

    /// <summary>What was done, the newest last.</summary>
    /// <param name="after">Entries after this number; 0 for all.</param>
    /// <param name="limit">The most entries, the newest.</param>
    public IReadOnlyList<(long Id, AuditEntry Entry)> AuditEntries(long after, int limit) => [.. _database.Query(
        "SELECT id, time, actor, text FROM audit WHERE id > @p0 ORDER BY id DESC LIMIT @p1",
        row => (row.GetInt64(0), new AuditEntry(Time(row.GetInt64(1)), row.GetString(2), row.GetString(3))), after, limit).AsEnumerable().Reverse()];

    /// <summary>A setting; null where it is not set.</summary>
    /// <param name="name">Its name.</param>
    public string? Setting(string name) => _database.Query("SELECT value FROM settings WHERE name = @p0", row => row.GetString(0), name).FirstOrDefault();

    /// <summary>Sets a setting.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, string value) => _database.Run("INSERT INTO settings (name, value) VALUES (@p0, @p1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);

    /// <summary>Closes the database; a lead is given up.</summary>
    public void Dispose() => _database.Dispose();

    /// <summary>A place for messages to people: a connection string may hold a password.</summary>
    private static string Name(string place) => Database.IsServer(place) ? "the PostgreSQL of fleet.json" : place;

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
