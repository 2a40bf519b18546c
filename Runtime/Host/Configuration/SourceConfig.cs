namespace Edge.Runtime.Configuration;

/// <summary>Where a pipeline's frames come from. Which fields a type takes: <see cref="SourceCheck"/>.</summary>
internal sealed record SourceConfig
{
    internal const string Folder = "folder";
    internal const string Images = "images";
    internal const string Mjpeg = "mjpeg";
    internal const string LocalCamera = "camera";
    internal const string Raw = "raw";
    internal const string Stdin = "stdin";
    internal const string Csv = "csv";
    internal const string OwnSensors = "sensors";
    internal const string Jpeg = "jpeg";

    public required string Type { get; init; }

    /// <summary>The folder, or the file or pipe of raw frames.</summary>
    public string? Path { get; init; }

    /// <summary>File names of a folder to take, with <c>*</c> and <c>?</c>; null takes every JPEG and PNG.</summary>
    public string? Pattern { get; init; }

    /// <summary>Image files, each a path or a pattern with <c>*</c>, <c>?</c> and <c>**</c>.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>The http or https address of an MJPEG stream.</summary>
    public string? Url { get; init; }

    public string? UserName { get; init; }

    public string? PasswordFile { get; init; }

    /// <summary>Certificate authorities to trust for https (PEM); null for those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary><c>jpeg</c>, or a raw one: <c>rgb</c>, <c>bgr</c>, <c>grey</c>, <c>yuyv</c>, <c>nv12</c>, <c>i420</c>.</summary>
    public string? Format { get; init; }

    /// <summary>A camera of this machine: its device file, or part of its name or bus.</summary>
    public string? Camera { get; init; }

    /// <summary>What is set when the camera is opened, by the names of its controls.</summary>
    public IReadOnlyDictionary<string, int>? Controls { get; init; }

    /// <summary>Columns of a raw frame; of a camera those that are wished.</summary>
    public int? Width { get; init; }

    /// <summary>Rows of a raw frame; of a camera those that are wished.</summary>
    public int? Height { get; init; }

    /// <summary>The levels of YUV: <c>limited</c> or <c>full</c>.</summary>
    public string Range { get; set; } = "limited";

    /// <summary>0 is as fast as possible.</summary>
    public double FramesPerSecond { get; set; }

    /// <summary>Whether files start over when they are through.</summary>
    public bool Loop { get; set; }

    /// <summary>True: the newest frame wins and others are dropped. Null: true for cameras and MJPEG, false for the rest.</summary>
    public bool? Live { get; init; }

    /// <summary>A source that gives no frame for so long is opened again; 0 waits for ever.</summary>
    public double? StallSeconds { get; init; }

    /// <summary>Sensors of this machine.</summary>
    public IReadOnlyList<SensorConfig>? Sensors { get; init; }

    /// <summary>The column of a table that has the times; null for one whose name says so.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Readings are brought to a grid of so many seconds; null takes the times of the first table.</summary>
    public double? IntervalSeconds { get; init; }

    /// <summary>A value older than this when a reading is made is missing; null for any age.</summary>
    public double? MaximumAgeSeconds { get; init; }

    /// <summary>1 replays a table in real time, 60 an hour in a minute, 0 as fast as possible.</summary>
    public double Speed { get; set; }

    /// <summary>Whether the source gives readings, not images.</summary>
    internal bool IsReadings => Type is Csv or OwnSensors;

    /// <summary>Whether only the newest frame counts.</summary>
    internal bool IsLive => Live ?? Type is Mjpeg or LocalCamera;
}
