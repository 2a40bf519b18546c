using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Fleet.Store;
using Edge.Foundation;
using Edge.Packages;

namespace Edge.Fleet.Setup;

/// <summary>Makes a fleet's folder, and what a device needs to belong to it.</summary>
public static class FleetInit
{
    /// <summary>The server's name towards the broker.</summary>
    public const string ServerName = "fleet-server";

    /// <summary>Makes a folder: authority, certificates of broker and server, the key that signs desired states, configuration of mosquitto.</summary>
    /// <param name="path">The folder; made if it is not there.</param>
    /// <param name="hosts">Names and addresses by which devices reach the broker, the first of them the one that is written to their configuration.</param>
    /// <param name="port">The broker's port for TLS.</param>
    /// <param name="packageKeys">Public keys of those who sign packages; copied.</param>
    /// <param name="root">The first level of topics.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="FleetException">There is a fleet already.</exception>
    /// <exception cref="InputException">A key or a name cannot be used.</exception>
    public static FleetFolder Create(string path, IReadOnlyList<string> hosts, int port, IReadOnlyList<string> packageKeys, string root, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(packageKeys);
        TopicName.Check(root, "root");
        if (File.Exists(Path.Combine(path, FleetFolder.FileName)))
        {
            throw new FleetException($"{path}: a fleet is there already: its devices trust its authority; choose another folder");
        }
        VerifyingKey[] keys = [.. packageKeys.Select(VerifyingKey.Load)];
        Directory.CreateDirectory(path);
        string In(string name) => Path.Combine(path, name);
        CertificateMaker.WriteAuthority(In("ca"), $"{root} fleet authority", now);
        CertificateMaker.Write(In("broker"), In("ca"), hosts[0], hosts, now);
        CertificateMaker.Write(In("server"), In("ca"), ServerName, null, now);
        using (SigningKey key = SigningKey.Generate())
        {
            key.Save(In("fleet.key"));
        }
        var names = new List<string>();
        for (int i = 0; i < keys.Length; i++)
        {
            names.Add($"package-{i + 1}.pub");
            AtomicFile.WriteAllText(In(names[i]), keys[i].ToPem());
        }
        Directory.CreateDirectory(In("broker-data"));
        AtomicFile.WriteAllText(In("acl"), Acl(root));
        AtomicFile.WriteAllText(In("mosquitto.conf"), Mosquitto(Path.GetFullPath(path), port));
        var config = new FleetConfig
        {
            Root = root,
            Broker = new FleetBroker { Host = hosts[0], Port = port, CaFile = "ca.crt", CertificateFile = "server.crt", KeyFile = "server.key" },
            PackageKeys = names,
        };
        // Last, since this is the file by which a folder is a fleet.
        AtomicFile.WriteAllBytes(In(FleetFolder.FileName), JsonSerializer.SerializeToUtf8Bytes(config, FleetJson.Indented));
        return FleetFolder.Open(path);
    }

    /// <summary>Makes what one device needs: its certificate, the keys that it trusts, and a configuration to begin with.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="now">The time.</param>
    /// <returns>The folder to bring to the device.</returns>
    /// <exception cref="FleetException">It is enrolled already, or the name is taken.</exception>
    /// <exception cref="ProtocolException">The name does not fit into topics.</exception>
    public static string Enroll(FleetFolder fleet, string device, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        _ = new Topics(fleet.Config.Root, device);
        if (device == ServerName || device[0] == '.' || device.Contains('\\', StringComparison.Ordinal))
        {
            throw new FleetException($"device name \"{device}\": choose another");
        }
        string folder = Path.Combine(fleet.Path, "devices", device);
        if (Directory.Exists(folder))
        {
            throw new FleetException($"{folder}: the device is enrolled already: take the folder away to enroll it anew");
        }
        string making = folder + AtomicFile.TemporarySuffix;
        Directory.CreateDirectory(making);
        CertificateMaker.Write(Path.Combine(making, "device"), Path.Combine(fleet.Path, "ca"), device, null, now);
        File.Copy(Path.Combine(fleet.Path, "ca.crt"), Path.Combine(making, "ca.crt"), overwrite: true);
        File.Copy(fleet.Full(fleet.Config.FleetKey) + SigningKey.PublicSuffix, Path.Combine(making, "fleet.key.pub"), overwrite: true);
        foreach (string key in fleet.Config.PackageKeys)
        {
            File.Copy(fleet.Full(key), Path.Combine(making, Path.GetFileName(key)), overwrite: true);
        }
        AtomicFile.WriteAllBytes(Path.Combine(making, "edge-runtime.json"), JsonSerializer.SerializeToUtf8Bytes(Configuration(fleet, device), FleetJson.Indented));
        Directory.Move(making, folder);
        AtomicFile.SyncDirectory(Path.GetDirectoryName(folder)!);
        return folder;
    }

    private static object Configuration(FleetFolder fleet, string device) => new
    {
        device,
        root = fleet.Config.Root,
        broker = new { host = fleet.Config.Broker.Host, port = fleet.Config.Broker.Port, clientId = device, tls = new { caFile = "ca.crt", certificateFile = "device.crt", keyFile = "device.key" } },
        trustedKeys = fleet.Config.PackageKeys.Select(Path.GetFileName),
        update = new { folder = "updates", fleetKeys = (string[])["fleet.key.pub"] },
        pipelines = Array.Empty<object>(),
    };

    /// <summary>A device may write below its own name, and read what is meant for it and the blobs; everything else is the server's.</summary>
    private static string Acl(string root) => $"""
        # Users are the common names of certificates. What is not allowed here is forbidden.
        user {ServerName}
        topic readwrite {root}/#

        pattern write {root}/%u/status
        pattern write {root}/%u/health
        pattern write {root}/%u/+/result
        pattern write {root}/%u/+/event
        pattern write {root}/%u/+/snapshot
        pattern write {root}/%u/+/state
        pattern read {root}/%u/+/set
        pattern read {root}/%u/update/desired
        pattern write {root}/%u/update/reported
        pattern read {root}/{Topics.Blobs}/+
        pattern write homeassistant/+/%u/#

        """;

    private static string Mosquitto(string folder, int port) => $"""
        # mosquitto -c mosquitto.conf
        listener {port}
        cafile {folder}/ca.crt
        certfile {folder}/broker.crt
        keyfile {folder}/broker.key
        tls_version tlsv1.2
        require_certificate true
        use_identity_as_username true
        allow_anonymous false
        acl_file {folder}/acl
        persistence true
        persistence_location {folder}/broker-data/
        autosave_interval 30
        message_size_limit 1048576
        max_queued_messages 100000
        max_inflight_messages 100

        """;
}
