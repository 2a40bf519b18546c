using System.Text.Json;
using Edge.Fleet.Store;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Fleet.Setup;

/// <summary>A fleet's folder: <c>fleet.json</c>, its database, and its keys.</summary>
public sealed class FleetFolder
{
    /// <summary>The file that describes the fleet.</summary>
    public const string FileName = "fleet.json";

    private const int MaximumBytes = 1 << 20;

    private FleetFolder(string path, FleetConfig config) => (Path, Config) = (path, config);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What the file says.</summary>
    public FleetConfig Config { get; }

    /// <summary>Whose packages the fleet's devices accept.</summary>
    public PackageTrust Trust => PackageTrust.Load([.. Config.PackageKeys.Select(Full)]);

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="FleetException">It is no fleet's folder.</exception>
    public static FleetFolder Open(string path)
    {
        string file = System.IO.Path.Combine(path, FileName);
        try
        {
            if (new FileInfo(file) is { Length: > MaximumBytes })
            {
                throw new FleetException($"{file}: larger than {MaximumBytes} bytes: is it the right file?");
            }
            FleetConfig config = JsonSerializer.Deserialize<FleetConfig>(File.ReadAllBytes(file), FleetJson.Options) ?? throw new JsonException();
            return config.PackageKeys.Count > 0
                ? new FleetFolder(System.IO.Path.GetFullPath(path), config)
                : throw new FleetException($"{file}: packageKeys is empty: name the public key of whoever signs packages");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"{file}: cannot be read: give a fleet's folder with --fleet, or make one with `edge fleet init`", e);
        }
        catch (JsonException e)
        {
            throw new FleetException($"{file}: not what `edge fleet init` writes{(e.LineNumber is { } line ? $" (line {line + 1})" : "")}: mend it", e);
        }
    }

    /// <summary>Opens the fleet's database.</summary>
    public FleetStore OpenStore() => new(IsShared ? Config.Database : Full(Config.Database));

    /// <summary>Whether several servers may serve the fleet at a time: its database is a PostgreSQL.</summary>
    public bool IsShared => Store.Database.IsServer(Config.Database);

    /// <summary>The key that signs desired states; the caller disposes it.</summary>
    public SigningKey LoadKey() => SigningKey.Load(Full(Config.FleetKey));

    /// <summary>Connects to the broker; the caller starts and disposes the client.</summary>
    /// <param name="role">What the client does: part of its name, so that two roles do not push each other out.</param>
    public MqttClient CreateClient(string role) => new(new MqttClientOptions
    {
        Host = Config.Broker.Host,
        Port = Config.Broker.Port,
        ClientId = $"{Config.Root}-fleet-{role}",
        MaximumReceivedBytes = 1 << 20,
        InFlightLimit = 1000,
        BackoffMaximum = TimeSpan.FromSeconds(10),
        Tls = Config.Broker.CaFile is { } ca
            ? new MqttTlsOptions
            {
                CaFile = Full(ca),
                CertificateFile = Config.Broker.CertificateFile is { } certificate ? Full(certificate) : null,
                KeyFile = Config.Broker.KeyFile is { } key ? Full(key) : null,
            }
            : null,
    });

    /// <summary>A path of the file, which starts at the folder.</summary>
    internal string Full(string path) => System.IO.Path.GetFullPath(path, Path);
}
