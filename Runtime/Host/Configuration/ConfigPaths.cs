namespace Edge.Runtime.Configuration;

/// <summary>Makes the paths of a configuration absolute: relative ones start at the folder of the file.</summary>
internal static class ConfigPaths
{
    internal static RuntimeConfig Resolve(RuntimeConfig config, string folder) => config with
    {
        TrustedKeys = [.. Each(config.TrustedKeys, key => Path.GetFullPath(key, folder))],
        Broker = config.Broker with
        {
            PasswordFile = Optional(config.Broker.PasswordFile, folder),
            Tls = config.Broker.Tls is { } tls
                ? tls with
                {
                    CaFile = Optional(tls.CaFile, folder),
                    CertificateFile = Optional(tls.CertificateFile, folder),
                    KeyFile = Optional(tls.KeyFile, folder),
                }
                : null,
        },
        Pipelines = [.. Each(config.Pipelines, pipeline => pipeline with
        {
            Package = Path.GetFullPath(pipeline.Package, folder),
            Source = pipeline.Source with { Path = Path.GetFullPath(pipeline.Source.Path, folder) },
        })],
    };

    private static string? Optional(string? path, string folder) => path is null ? null : Path.GetFullPath(path, folder);

    private static IEnumerable<T> Each<T>(IReadOnlyList<T> items, Func<T, T> change)
    {
        foreach (T item in items)
        {
            yield return change(item);
        }
    }
}
