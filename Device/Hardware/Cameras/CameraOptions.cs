namespace Edge.Hardware.Cameras;

/// <summary>What is wished of a camera; it gives the nearest that it has, and <see cref="Camera.Mode"/> says what that is.</summary>
public sealed record CameraOptions
{
    /// <summary>The columns wished when nothing is said.</summary>
    public const int DefaultWidth = 640;

    /// <summary>The rows wished when nothing is said.</summary>
    public const int DefaultHeight = 480;

    /// <summary>The rate wished when nothing is said.</summary>
    public const double DefaultRate = 30;

    /// <summary>The format; null takes the one that suits the size and rate best. A camera that lacks it is refused.</summary>
    public FourCC? Format { get; init; }

    /// <summary>Columns wished.</summary>
    public int? Width { get; init; }

    /// <summary>Rows wished.</summary>
    public int? Height { get; init; }

    /// <summary>Frames a second wished.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Buffers asked of the driver, 2 to 32: each holds a frame while it is looked at or filled.</summary>
    public int Buffers { get; init; } = 6;

    /// <summary>Controls to set when the camera is opened, by name as <see cref="CameraControl.Name"/> has it.</summary>
    public IReadOnlyDictionary<string, int>? Controls { get; init; }
}
