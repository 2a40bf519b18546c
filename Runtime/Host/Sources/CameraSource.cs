using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Hardware.Cameras;
using Edge.Imaging;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Sources;

/// <summary>
/// A camera of this machine. Frames are looked at where the driver put them; one is copied only where the driver would be left
/// with too few buffers to fill.
/// </summary>
internal sealed class CameraSource : IFrameSource
{
    private const int PollMilliseconds = 100;
    private const int LeastQueued = 2;
    private const int Buffers = 8;

    private readonly Camera _camera;
    private readonly FrameClock _clock;
    private readonly PixelFormat? _format;
    private readonly string _label;
    private readonly JsonEncodedText _name;
    private readonly long _patience;

    /// <summary>Opens the camera and starts it.</summary>
    /// <exception cref="Hardware.HardwareException">It is not there, is busy, or cannot do what is asked.</exception>
    internal CameraSource(SourceConfig config)
    {
        double stall = config.StallSeconds ?? MjpegSource.DefaultStallSeconds;
        _patience = stall == 0 ? long.MaxValue / 2 : (long)(stall * 1000);
        _clock = new FrameClock(config.FramesPerSecond);
        _label = config.Camera!;
        _name = ClassificationResultWriter.EncodeText(_label);
        _camera = Camera.Open(_label, new CameraOptions
        {
            Format = config.Format is { } format ? CodeOf(format) : null,
            Width = config.Width,
            Height = config.Height,
            FramesPerSecond = config.FramesPerSecond > 0 ? config.FramesPerSecond : null,
            Buffers = Buffers,
            Controls = config.Controls,
        });
        _format = FormatOf(_camera.Mode.Format);
        Log.Info($"{_camera.Info.Path}: {_camera.Info.Card} ({_camera.Info.Driver}), {_camera.Mode}");
    }

    /// <summary>How the camera streams.</summary>
    internal CameraMode Mode => _camera.Mode;

    /// <inheritdoc/>
    public bool Next(Frame frame, Pulse pulse, CancellationToken stop)
    {
        frame.Begin();
        pulse.Leave();
        long deadline = Environment.TickCount64 + _patience;
        while (!stop.IsCancellationRequested)
        {
            CameraBuffer? buffer = _camera.Take(PollMilliseconds);
            if (buffer is null)
            {
                if (Environment.TickCount64 > deadline)
                {
                    throw new SourceException($"{_label}: no frame came for {_patience / 1000.0:0.#} s: look at its plug and cable");
                }
            }
            else if (!_clock.IsDue())
            {
                buffer.Release();
            }
            else
            {
                Hand(buffer, frame);
                return true;
            }
        }
        return false;
    }

    public void Dispose() => _camera.Dispose();

    private static FourCC CodeOf(string format) => format switch
    {
        "rgb" => FourCC.Rgb,
        "bgr" => FourCC.Bgr,
        "grey" => FourCC.Grey,
        "yuyv" => FourCC.Yuyv,
        "nv12" => FourCC.Nv12,
        "i420" => FourCC.I420,
        _ => FourCC.Mjpeg,
    };

    private static PixelFormat? FormatOf(FourCC code) => code switch
    {
        _ when code == FourCC.Rgb => PixelFormat.Rgb24,
        _ when code == FourCC.Bgr => PixelFormat.Bgr24,
        _ when code == FourCC.Grey => PixelFormat.Grey8,
        _ when code == FourCC.Yuyv => PixelFormat.Yuyv,
        _ when code == FourCC.Nv12 => PixelFormat.Nv12,
        _ when code == FourCC.I420 => PixelFormat.I420,
        _ => null,
    };

    private void Hand(CameraBuffer buffer, Frame frame)
    {
        if (_camera.QueuedBuffers >= LeastQueued)
        {
            frame.Borrow(buffer, _name, _label);
        }
        else
        {
            frame.Copy(buffer, _name, _label);
            buffer.Release();
        }
        if (_format is { } format)
        {
            CameraMode mode = _camera.Mode;
            frame.Describe(format, mode.Width, mode.Height, mode.Stride, mode.IsFullRange ? PixelRange.Full : PixelRange.Limited);
        }
    }
}
