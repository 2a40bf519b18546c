using Edge.Hardware.Sensors;
using Edge.Imaging;

namespace Edge.Runtime.Configuration;

/// <summary>Which fields a type of source takes, and what they may say.</summary>
internal static class SourceCheck
{
    private const double MaximumFramesPerSecond = 10_000;
    private const int MaximumSensors = 64;
    private const int MaximumSide = 16_384;

    /// <summary>The types, each with the fields that it needs and those that it may have.</summary>
    internal static readonly (string Type, string[] Needed, string[] Optional)[] Types =
    [
        (SourceConfig.Folder, ["path"], ["pattern", "framesPerSecond", "loop"]),
        (SourceConfig.Images, ["paths"], ["framesPerSecond", "loop"]),
        (SourceConfig.Mjpeg, ["url"], ["userName", "passwordFile", "caFile", "framesPerSecond", "live", "stallSeconds"]),
        (SourceConfig.LocalCamera, ["camera"], ["format", "width", "height", "framesPerSecond", "controls", "live", "stallSeconds"]),
        (SourceConfig.Raw, ["path", "format"], ["width", "height", "range", "framesPerSecond", "loop", "live", "stallSeconds"]),
        (SourceConfig.Csv, [], ["path", "paths", "timeColumn", "intervalSeconds", "maximumAgeSeconds", "speed", "loop"]),
        (SourceConfig.OwnSensors, ["sensors", "intervalSeconds"], ["maximumAgeSeconds"]),
        (SourceConfig.Stdin, ["format"], ["width", "height", "range", "framesPerSecond", "live", "stallSeconds"]),
    ];

    internal static readonly string[] Formats = [SourceConfig.Jpeg, "rgb", "bgr", "grey", "yuyv", "nv12", "i420"];

    private static readonly string[] Ranges = ["limited", "full"];

    internal static void Check(SourceConfig source, string path, Problems problems)
    {
        string[] types = Array.ConvertAll(Types, type => type.Type);
        if (!problems.RequireOneOf(source.Type, types, $"{path}.type"))
        {
            return;
        }
        (_, string[] needed, string[] optional) = Types[Array.IndexOf(types, source.Type)];
        foreach (string field in needed)
        {
            problems.Require(IsGiven(source, field), $"{path}.{field}: missing: a source of the type {source.Type} needs it");
        }
        foreach (string field in AllFields)
        {
            bool fits = Array.IndexOf(needed, field) >= 0 || Array.IndexOf(optional, field) >= 0;
            problems.Require(fits || !IsGiven(source, field), $"{path}.{field}: a source of the type {source.Type} has no such field: take it out");
        }
        CheckTexts(source, path, problems);
        ConfigCheck.CheckRange(source.StallSeconds ?? 0, 0, 86_400, $"{path}.stallSeconds", problems);
        problems.Require(source.FramesPerSecond is >= 0 and <= MaximumFramesPerSecond,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}.framesPerSecond: {source.FramesPerSecond}: give 0 (as fast as possible) to {MaximumFramesPerSecond}"));
        CheckFormat(source, path, problems);
        CheckReadings(source, path, problems);
        if (source.Url is { } url)
        {
            CheckUrl(url, $"{path}.url", problems);
        }
        problems.Require(source.PasswordFile is null || source.UserName is not null, $"{path}.passwordFile: a password needs a user: add userName");
    }

    /// <summary>An address that an HTTP client can use.</summary>
    internal static void CheckUrl(string url, string path, Problems problems)
    {
        bool good = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;
        if (problems.Require(good, $"{path}: \"{Short(url)}\": give an address such as http://camera/stream"))
        {
            problems.Require(uri!.UserInfo.Length == 0, $"{path}: holds a user or password, which would stand in logs: use userName and passwordFile");
        }
    }

    /// <summary>The format of raw frames; null for JPEG.</summary>
    internal static PixelFormat? Format(string name) => name switch
    {
        "rgb" => PixelFormat.Rgb24,
        "bgr" => PixelFormat.Bgr24,
        "grey" => PixelFormat.Grey8,
        "yuyv" => PixelFormat.Yuyv,
        "nv12" => PixelFormat.Nv12,
        "i420" => PixelFormat.I420,
        _ => null,
    };

    private static readonly string[] AllFields =
        ["path", "pattern", "paths", "url", "userName", "passwordFile", "caFile", "camera", "controls", "sensors", "format", "width", "height", "range", "framesPerSecond", "loop", "live", "stallSeconds",
            "timeColumn", "intervalSeconds", "maximumAgeSeconds", "speed"];

    private static bool IsGiven(SourceConfig source, string field) => field switch
    {
        "path" => source.Path is not null,
        "pattern" => source.Pattern is not null,
        "paths" => source.Paths is not null,
        "url" => source.Url is not null,
        "userName" => source.UserName is not null,
        "passwordFile" => source.PasswordFile is not null,
        "caFile" => source.CaFile is not null,
        "camera" => source.Camera is not null,
        "controls" => source.Controls is not null,
        "sensors" => source.Sensors is not null,
        "format" => source.Format is not null,
        "width" => source.Width is not null,
        "height" => source.Height is not null,
        "range" => source.Range != Ranges[0],
        "framesPerSecond" => source.FramesPerSecond != 0,
        "loop" => source.Loop,
        "live" => source.Live is not null,
        "timeColumn" => source.TimeColumn is not null,
        "intervalSeconds" => source.IntervalSeconds is not null,
        "maximumAgeSeconds" => source.MaximumAgeSeconds is not null,
        "speed" => source.Speed != 0,
        _ => source.StallSeconds is not null,
    };

    private static void CheckReadings(SourceConfig source, string path, Problems problems)
    {
        problems.Require(source.Sensors is null or { Count: > 0 and <= MaximumSensors }, $"{path}.sensors: give 1 to {MaximumSensors}");
        for (int i = 0; i < source.Sensors?.Count; i++)
        {
            problems.RequireOneOf(source.Sensors[i].Kind, SensorCatalog.Kinds, $"{path}.sensors[{i}].kind");
            problems.RequireText(source.Sensors[i].Place, $"{path}.sensors[{i}].place");
        }
        problems.Require(source.Type != SourceConfig.Csv || source.Path is null != source.Paths is null, $"{path}: a table needs either path or paths: give one of them");
        problems.RequireOptionalText(source.TimeColumn, $"{path}.timeColumn");
        ConfigCheck.CheckRange(source.IntervalSeconds ?? 1, 0.001, 86_400, $"{path}.intervalSeconds", problems);
        ConfigCheck.CheckRange(source.MaximumAgeSeconds ?? 0, 0, 1e9, $"{path}.maximumAgeSeconds", problems);
        ConfigCheck.CheckRange(source.Speed, 0, 1e6, $"{path}.speed", problems);
    }

    private static void CheckTexts(SourceConfig source, string path, Problems problems)
    {
        problems.RequireOptionalText(source.Path, $"{path}.path");
        problems.RequireOptionalText(source.Camera, $"{path}.camera");
        problems.RequireOptionalText(source.UserName, $"{path}.userName");
        problems.RequireOptionalText(source.PasswordFile, $"{path}.passwordFile");
        problems.RequireOptionalText(source.CaFile, $"{path}.caFile");
        problems.RequireOneOf(source.Range, Ranges, $"{path}.range");
        if (source.Pattern is { } pattern)
        {
            problems.RequireText(pattern, $"{path}.pattern");
            problems.Require(!pattern.Contains('/', StringComparison.Ordinal),
                $"{path}.pattern: holds '/': it matches names in one folder; put the folder into path, or use a source of the type images");
        }
        if (source.Paths is { } paths)
        {
            problems.Require(paths.Count > 0, $"{path}.paths: empty: name files or patterns");
            for (int i = 0; i < paths.Count; i++)
            {
                problems.RequireText(paths[i], $"{path}.paths[{i}]");
            }
        }
    }

    private static void CheckFormat(SourceConfig source, string path, Problems problems)
    {
        if (source.Type == SourceConfig.LocalCamera)
        {
            // What is wished, not what is there: the camera gives the nearest.
            if (source.Format is { } wished)
            {
                problems.RequireOneOf(wished, Formats, $"{path}.format");
            }
            problems.Require(source.Width is null or (>= 1 and <= MaximumSide), $"{path}.width: {source.Width}: give 1 to {MaximumSide}");
            problems.Require(source.Height is null or (>= 1 and <= MaximumSide), $"{path}.height: {source.Height}: give 1 to {MaximumSide}");
            return;
        }
        if (source.Format is not { } format || !problems.RequireOneOf(format, Formats, $"{path}.format"))
        {
            return;
        }
        bool isRaw = format != SourceConfig.Jpeg;
        problems.Require(!isRaw || source.Width is >= 1 and <= MaximumSide, $"{path}.width: {(source.Width is { } width ? width : "missing")}: raw frames need it, 1 to {MaximumSide}");
        problems.Require(!isRaw || source.Height is >= 1 and <= MaximumSide, $"{path}.height: {(source.Height is { } height ? height : "missing")}: raw frames need it, 1 to {MaximumSide}");
        problems.Require(isRaw || (source.Width is null && source.Height is null), $"{path}: JPEG frames know their size: take width and height out");
    }

    private static string Short(string text) => text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 64), "…");
}
