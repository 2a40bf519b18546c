using Edge.Runtime.Configuration;

namespace Edge.Runtime.Sources;

/// <summary>Opens sources by their type: the one place that knows them all.</summary>
internal static class FrameSources
{
    /// <summary>Opens a source.</summary>
    /// <param name="config">A checked configuration.</param>
    /// <param name="stop">Closes what the source holds open.</param>
    /// <exception cref="Foundation.InputException">The source is not there, or is no such source.</exception>
    internal static IFrameSource Open(SourceConfig config, CancellationToken stop) => config.Type switch
    {
        SourceConfig.Folder or SourceConfig.Images => new ImageListSource(config),
        SourceConfig.Mjpeg => new MjpegSource(config, stop),
        SourceConfig.Csv => new Sensors.CsvSource(config),
        SourceConfig.OwnSensors => new Sensors.SensorsSource(config),
        SourceConfig.LocalCamera => new CameraSource(config),
        _ => new StreamSource(config),
    };

    /// <summary>What a source is, for messages: without user, password and query.</summary>
    internal static string Describe(SourceConfig config) => config.Type switch
    {
        SourceConfig.Images or SourceConfig.Csv when config.Paths is not null => config.Paths!.Count == 1 ? config.Paths[0] : $"{config.Paths.Count} paths",
        SourceConfig.Mjpeg => MjpegSource.Request(config with { UserName = null }).Label,
        SourceConfig.LocalCamera => config.Camera!,
        SourceConfig.OwnSensors => $"{config.Sensors![0].Kind}@{config.Sensors[0].Place}",
        SourceConfig.Stdin => "stdin",
        _ => config.Path!,
    };
}
