using Edge.Fleet.Rollouts;

namespace Edge.Fleet.Store;

/// <content>Rollouts, and what operators ask for.</content>
public sealed partial class FleetStore
{
    /// <summary>Every rollout, the oldest first.</summary>
    public IReadOnlyList<Rollout> Rollouts() => [.. _database.Query("SELECT id, plan, header FROM rollouts ORDER BY number", row => (Id: row.GetString(0), Plan: row.GetString(1), Header: row.GetString(2)))
        .Select(row => new Rollout(FleetJson.Read<RolloutPlan>(row.Plan), FleetJson.Read<RolloutHeader>(row.Header), Members(row.Id)))];

    /// <summary>Where a rollout stands; null where there is none of that name.</summary>
    /// <param name="id">Its name.</param>
    public RolloutStatus? StatusOf(string id) => _database.Query("SELECT header FROM rollouts WHERE id = @p0", row => FleetJson.Read<RolloutHeader>(row.GetString(0)), id).FirstOrDefault()?.Status;

    /// <summary>Saves a new rollout.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="time">When it was made.</param>
    public void Add(Rollout rollout, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        _database.Run("INSERT INTO rollouts (id, plan, header, time) VALUES (@p0, @p1, @p2, @p3)", rollout.Plan.Id, FleetJson.Text(rollout.Plan), FleetJson.Text(rollout.Header), Time(time));
    }

    /// <summary>Saves what has changed of a rollout.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="changes">The members that have changed.</param>
    public void Save(Rollout rollout, IReadOnlyList<Member> changes)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(changes);
        _database.Run("UPDATE rollouts SET header = @p1 WHERE id = @p0", rollout.Plan.Id, FleetJson.Text(rollout.Header));
        foreach (Member member in changes)
        {
            _database.Run("""
                INSERT INTO members (rollout, position, device, member) VALUES (@p0, @p1, @p2, @p3)
                ON CONFLICT (rollout, device) DO UPDATE SET member = excluded.member
                """, rollout.Plan.Id, (long)member.Position, member.Device, FleetJson.Text(member));
        }
    }

    /// <summary>Leaves a command for the server.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="command">The command.</param>
    /// <param name="time">When.</param>
    /// <returns>Its number.</returns>
    public long Post(string actor, FleetCommand command, DateTimeOffset time) =>
        _database.Query("INSERT INTO commands (time, actor, command) VALUES (@p0, @p1, @p2) RETURNING id", row => row.GetInt64(0), Time(time), actor, FleetJson.Text(command))[0];

    /// <summary>Commands that have not been obeyed.</summary>
    public IReadOnlyList<(long Id, string Actor, FleetCommand Command)> PendingCommands() =>
        _database.Query("SELECT id, actor, command FROM commands WHERE result IS NULL ORDER BY id", row => (row.GetInt64(0), row.GetString(1), FleetJson.Read<FleetCommand>(row.GetString(2))));

    /// <summary>Says what became of a command.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="result">Empty where it was obeyed; otherwise why not.</param>
    public void Answer(long id, string result) => _database.Run("UPDATE commands SET result = @p1 WHERE id = @p0", id, result);

    /// <summary>What became of a command; null while it waits.</summary>
    /// <param name="id">Its number.</param>
    public string? AnswerOf(long id) => _database.Query("SELECT result FROM commands WHERE id = @p0", row => row.IsDBNull(0) ? null : row.GetString(0), id).FirstOrDefault();

    private List<Member> Members(string rollout) =>
        _database.Query("SELECT member FROM members WHERE rollout = @p0 ORDER BY position", row => FleetJson.Read<Member>(row.GetString(0)), rollout);
}
