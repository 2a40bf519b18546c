namespace Edge.Mqtt.Spool;

/// <summary>
/// The file: messages in the order of their ids, and the last number of every topic. What is committed is on the disk. One thread
/// at a time, after warm-up without allocations.
/// </summary>
internal sealed class SpoolStore : IDisposable
{
    /// <summary>What a message costs in the file beside its payload: row, index, page ends.</summary>
    private const int Overhead = 64;

    private const int PageBytes = 4096;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _number;
    private readonly SqliteStatement _addTopic;
    private readonly SqliteStatement _findTopic;
    private readonly SqliteStatement _topicOf;
    private readonly SqliteStatement _next;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _aged;
    private readonly List<SqliteStatement> _statements = [];
    private readonly long _maximumBytes;
    private long _telemetryBytes;
    private long _eventBytes;
    private long _lastId;

    private SpoolStore(SpoolOptions options)
    {
        _maximumBytes = options.MaximumBytes;
        _connection = new SqliteConnection(options.Path);
        try
        {
            // One process, so no shared memory; the log is synced at every commit; freed pages are used again.
            _connection.Execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=4194304; PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;");
            _connection.Execute("CREATE TABLE IF NOT EXISTS topic(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, number INTEGER NOT NULL);"
                + "CREATE TABLE IF NOT EXISTS message(id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, event INTEGER NOT NULL, time INTEGER NOT NULL, payload BLOB NOT NULL);"
                + "CREATE INDEX IF NOT EXISTS message_event ON message(event);");
            // What the bookkeeping below allows, and room for pages that are not full: beyond it SQLite itself refuses.
            _connection.Execute($"PRAGMA max_page_count={Math.Min(4_294_967_000, (2 * options.MaximumBytes / PageBytes) + 64)};");
            _insert = Prepare("INSERT INTO message(id,topic,event,time,payload) VALUES(?1,?2,?3,?4,?5)");
            _delete = Prepare("DELETE FROM message WHERE id=?1 RETURNING event, length(payload)");
            _number = Prepare("UPDATE topic SET number=?2 WHERE id=?1");
            _addTopic = Prepare("INSERT INTO topic(name,number) VALUES(?1,0) ON CONFLICT DO NOTHING");
            _findTopic = Prepare("SELECT id FROM topic WHERE name=?1");
            _topicOf = Prepare("SELECT name FROM topic WHERE id=?1");
            _next = Prepare("SELECT id,topic,event,payload FROM message WHERE id>?1 ORDER BY id LIMIT 1");
            _oldest = Prepare("SELECT id FROM message WHERE event=0 ORDER BY id LIMIT 1");
            _aged = Prepare("SELECT id FROM message WHERE event=0 AND id<?2 AND time<?1 ORDER BY id LIMIT 1");
            Count();
            using SqliteStatement numbers = _connection.Prepare("SELECT name,number FROM topic");
            while (numbers.Step())
            {
                Numbers[System.Text.Encoding.UTF8.GetString(numbers.Bytes(0))] = numbers.Number(1);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Messages of telemetry in the file.</summary>
    internal long Telemetry { get; private set; }

    /// <summary>Events in the file.</summary>
    internal long Events { get; private set; }

    /// <summary>The bytes of all messages.</summary>
    internal long Bytes => _telemetryBytes + _eventBytes;

    /// <summary>The id of the newest message.</summary>
    internal long LastId => _lastId;

    /// <summary>Opens a spool; one that is damaged is put aside and begun anew.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="tell">Gets a line where it is damaged.</param>
    /// <exception cref="MqttException">It cannot be opened, or another process uses it.</exception>
    internal static SpoolStore Open(SpoolOptions options, Action<string> tell)
    {
        try
        {
            return new SpoolStore(options);
        }
        catch (MqttException e) when (e.Message.EndsWith("it is damaged", StringComparison.Ordinal))
        {
            string aside = options.Path + ".damaged";
            File.Move(options.Path, aside, overwrite: true);
            File.Delete(options.Path + "-wal");
            tell($"{e.Message}: put aside as {aside}; what it held is not sent");
            return new SpoolStore(options);
        }
    }

    internal void Begin() => _connection.Execute("BEGIN IMMEDIATE");

    internal void Commit() => _connection.Execute("COMMIT");

    /// <summary>Undoes what was begun; counts may have been changed since, and are taken anew.</summary>
    internal void Rollback()
    {
        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (MqttException)
        {
            // SQLite has rolled back by itself: there is nothing left to undo.
        }
        Count();
    }

    /// <summary>The last number of every topic that was in the file when it was opened.</summary>
    internal Dictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>A topic's id; made where it is new.</summary>
    internal int Topic(ReadOnlySpan<byte> name)
    {
        _addTopic.SetText(1, name).Run();
        return (int)First(_findTopic.SetText(1, name));
    }

    /// <summary>A topic's name.</summary>
    internal string TopicName(int id)
    {
        _ = _topicOf.Set(1, id).Step();
        string name = System.Text.Encoding.UTF8.GetString(_topicOf.Bytes(0));
        _topicOf.Reset();
        return name;
    }

    /// <summary>Remembers a topic's last number.</summary>
    internal void SetNumber(int topic, long number) => _number.Set(1, topic).Set(2, number).Run();

    /// <summary>Whether a message fits beside the events that are there, once telemetry has made room.</summary>
    internal bool Fits(int length) => _eventBytes + Cost(length) <= _maximumBytes;

    /// <summary>Whether a message fits without anything making room.</summary>
    internal bool HasRoom(int length) => Bytes + Cost(length) <= _maximumBytes;

    /// <summary>Adds a message behind the others.</summary>
    /// <returns>Its id.</returns>
    internal long Add(int topic, bool isEvent, long time, ReadOnlySpan<byte> payload)
    {
        long id = _lastId + 1;
        _insert.Set(1, id).Set(2, topic).Set(3, isEvent ? 1 : 0).Set(4, time).Set(5, payload).Run();
        _lastId = id;
        Account(isEvent, 1, Cost(payload.Length));
        return id;
    }

    /// <summary>Deletes a message.</summary>
    /// <returns>Whether it was there.</returns>
    internal bool Delete(long id)
    {
        if (!_delete.Set(1, id).Step())
        {
            return false;
        }
        Account(_delete.Number(0) != 0, -1, -Cost((int)_delete.Number(1)));
        // To its end, or the row is not deleted.
        _ = _delete.Step();
        return true;
    }

    /// <summary>The oldest telemetry, or 0.</summary>
    internal long Oldest() => First(_oldest);

    /// <summary>The oldest telemetry that was written before a time, or 0.</summary>
    internal long Aged(long time) => First(_aged.Set(1, time).Set(2, _lastId + 1));

    /// <summary>The message behind an id.</summary>
    /// <param name="after">The id.</param>
    /// <param name="id">The message's own.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="isEvent">Whether it is an event.</param>
    /// <param name="payload">Its bytes, valid until <see cref="EndRead"/>.</param>
    internal bool TryRead(long after, out long id, out int topic, out bool isEvent, out ReadOnlySpan<byte> payload)
    {
        bool isThere = _next.Set(1, after).Step();
        payload = isThere ? _next.Bytes(3) : default;
        (id, topic, isEvent) = isThere ? (_next.Number(0), (int)_next.Number(1), _next.Number(2) != 0) : (0, 0, false);
        return isThere;
    }

    /// <summary>How many messages of telemetry, and how many events, are behind an id.</summary>
    internal (long Telemetry, long Events) CountAfter(long id)
    {
        using SqliteStatement count = _connection.Prepare($"SELECT ifnull(sum(event=0),0), ifnull(sum(event<>0),0) FROM message WHERE id>{id}");
        _ = count.Step();
        return (count.Number(0), count.Number(1));
    }

    internal void EndRead() => _next.Reset();

    public void Dispose()
    {
        _statements.ForEach(static statement => statement.Dispose());
        _connection.Dispose();
    }

    private static int Cost(int length) => length + Overhead;

    private SqliteStatement Prepare(string sql)
    {
        SqliteStatement statement = _connection.Prepare(sql);
        _statements.Add(statement);
        return statement;
    }

    private static long First(SqliteStatement statement)
    {
        long id = statement.Step() ? statement.Number(0) : 0;
        statement.Reset();
        return id;
    }

    private void Count()
    {
        using SqliteStatement count = _connection.Prepare("SELECT event, count(*), sum(length(payload)), max(id) FROM message GROUP BY event");
        (Telemetry, Events, _telemetryBytes, _eventBytes) = (0, 0, 0, 0);
        while (count.Step())
        {
            Account(count.Number(0) != 0, count.Number(1), count.Number(2) + (count.Number(1) * Overhead));
            _lastId = Math.Max(_lastId, count.Number(3));
        }
    }

    private void Account(bool isEvent, long messages, long bytes)
    {
        if (isEvent)
        {
            (Events, _eventBytes) = (Events + messages, _eventBytes + bytes);
        }
        else
        {
            (Telemetry, _telemetryBytes) = (Telemetry + messages, _telemetryBytes + bytes);
        }
    }
}
