using Edge.Runtime.Models;

namespace Edge.Runtime.Configuration;

/// <summary>Makes the paths of a configuration absolute: relative ones start at the folder of the file.</summary>
internal static class ConfigPaths
{
    internal static RuntimeConfig Resolve(RuntimeConfig config, string folder) => config with
    {
        TrustedKeys = Each(config.TrustedKeys, key => Path.GetFullPath(key, folder)),
        Broker = config.Broker is { } broker
            ? broker with
            {
                PasswordFile = Optional(broker.PasswordFile, folder),
                Psk = broker.Psk is { } psk ? psk with { KeyFile = Path.GetFullPath(psk.KeyFile, folder) } : null,
                Tls = broker.Tls is { } tls
                    ? tls with
                    {
                        CaFile = Optional(tls.CaFile, folder),
                        CertificateFile = Optional(tls.CertificateFile, folder),
                        KeyFile = Optional(tls.KeyFile, folder),
                    }
                    : null,
            }
            : null,
        Spool = config.Spool is { } spool ? spool with { Path = Path.GetFullPath(spool.Path, folder) } : null,
        CacheFolder = Optional(config.CacheFolder, folder) ?? (config.Cache ? CacheHome.Find() : null),
        Otlp = config.Otlp is { } otlp
            ? otlp with { AuthorizationFile = Optional(otlp.AuthorizationFile, folder), CaFile = Optional(otlp.CaFile, folder) }
            : null,
        Update = config.Update is { } update
            ? update with { Folder = Path.GetFullPath(update.Folder, folder), FleetKeys = Each(update.FleetKeys, key => Path.GetFullPath(key, folder)) }
            : null,
        Pipelines = Each(config.Pipelines, pipeline => pipeline with
        {
            Package = Path.GetFullPath(pipeline.Package, folder),
            Source = pipeline.Source with
            {
                Path = Optional(pipeline.Source.Path, folder),
                Paths = pipeline.Source.Paths is { } paths ? Each(paths, path => Path.GetFullPath(path, folder)) : null,
                PasswordFile = Optional(pipeline.Source.PasswordFile, folder),
                CaFile = Optional(pipeline.Source.CaFile, folder),
            },
            Sinks = Each(pipeline.Sinks, sink => sink with { Path = Optional(sink.Path, folder) }),
        }),
    };

    private static string? Optional(string? path, string folder) => path is null ? null : Path.GetFullPath(path, folder);

    private static T[] Each<T>(IReadOnlyList<T> items, Func<T, T> change)
    {
        var changed = new T[items.Count];
        for (int i = 0; i < changed.Length; i++)
        {
            changed[i] = change(items[i]);
        }
        return changed;
    }
}
