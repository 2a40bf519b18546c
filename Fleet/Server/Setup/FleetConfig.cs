namespace Edge.Fleet.Setup;

/// <summary>What <c>fleet.json</c> says; relative paths start at its folder.</summary>
public sealed record FleetConfig
{
    /// <summary>The first level of topics.</summary>
    public string Root { get; set; } = "edge";

    /// <summary>Where the broker is.</summary>
    public required FleetBroker Broker { get; init; }

    /// <summary>The private key that signs desired states.</summary>
    public string FleetKey { get; set; } = "fleet.key";

    /// <summary>Public keys of those who sign packages.</summary>
    public IReadOnlyList<string> PackageKeys { get; set; } = [];

    /// <summary>A signed change of keys that goes with every desired state; null for none.</summary>
    public string? Trust { get; set; }

    /// <summary>The database: a file of SQLite, or a connection string of PostgreSQL such as <c>Host=db;Database=fleet;Username=edge</c>; its password may come from PGPASSWORD or ~/.pgpass.</summary>
    public string Database { get; set; } = "fleet.db";
}
