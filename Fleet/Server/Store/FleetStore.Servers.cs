namespace Edge.Fleet.Store;

/// <content>Several servers at one database: one leads, the others pass on to it what devices say.</content>
public sealed partial class FleetStore
{
    /// <summary>Takes the lead, unless another server has it; it lasts until this store is closed or the connection ends. SQLite has one server: it leads.</summary>
    internal bool TryLead() => _database.TryLead();

    /// <summary>Shows that a server lives.</summary>
    /// <param name="server">The server.</param>
    /// <param name="beat">A number that changes every time.</param>
    internal void Beat(string server, long beat) =>
        _database.Run("INSERT INTO servers (name, beat) VALUES (@p0, @p1) ON CONFLICT (name) DO UPDATE SET beat = excluded.beat", server, beat);

    /// <summary>The servers, each with the number that it has shown last.</summary>
    internal IReadOnlyList<(string Name, long Beat)> Servers() => _database.Query("SELECT name, beat FROM servers", row => (row.GetString(0), row.GetInt64(1)));

    /// <summary>A server is no more.</summary>
    internal void RemoveServer(string server) => _database.Run("DELETE FROM servers WHERE name = @p0", server);

    /// <summary>Passes messages on to the server that leads.</summary>
    internal void Forward(IReadOnlyList<DeviceMessage> messages) => InTransaction(() =>
    {
        foreach (DeviceMessage message in messages)
        {
            _database.Run("INSERT INTO forwarded (kind, device, payload) VALUES (@p0, @p1, @p2)", (long)message.Kind, message.Device, message.Payload.ToArray());
        }
    });

    /// <summary>Messages that were passed on, the oldest first.</summary>
    /// <param name="limit">The most messages.</param>
    internal IReadOnlyList<(long Id, DeviceMessage Message)> Forwarded(int limit) => _database.Query(
        "SELECT id, kind, device, payload FROM forwarded ORDER BY id LIMIT @p0",
        row => (row.GetInt64(0), new DeviceMessage((DeviceMessageKind)row.GetInt64(1), row.GetString(2), (byte[])row.GetValue(3))), (long)limit);

    /// <summary>Messages that were passed on have been taken. Each by its number: a lower one may become visible later.</summary>
    internal void Forget(IEnumerable<long> ids) => InTransaction(() =>
    {
        foreach (long id in ids)
        {
            _database.Run("DELETE FROM forwarded WHERE id = @p0", id);
        }
    });
}
