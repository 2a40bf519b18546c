using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Runtime.Configuration;
using Edge.Runtime.Sources.Http;

namespace Edge.Runtime.Sources;

/// <summary>A camera that sends JPEG images over HTTP (multipart/x-mixed-replace).</summary>
internal sealed class MjpegSource : IFrameSource
{
    private const int MaximumFrame = 16 << 20;
    internal const double DefaultStallSeconds = 10;

    private readonly HttpResponse _response;
    private readonly MultipartReader _parts;
    private readonly FrameClock _clock;
    private readonly string _label;
    private readonly JsonEncodedText _name;
    private readonly long _patience;

    /// <summary>Connects.</summary>
    /// <param name="config">The source.</param>
    /// <param name="stop">Closes the connection.</param>
    /// <exception cref="SourceException">The camera does not answer, or sends something else.</exception>
    internal MjpegSource(SourceConfig config, CancellationToken stop)
    {
        double stall = config.StallSeconds ?? DefaultStallSeconds;
        _patience = stall == 0 ? int.MaxValue : (long)(stall * 1000);
        HttpRequest request = Request(config) with { SilencePatience = TimeSpan.FromMilliseconds(_patience) };
        _label = request.Label;
        _name = ClassificationResultWriter.EncodeText(_label);
        _clock = new FrameClock(config.FramesPerSecond);
        _response = HttpResponse.Open(request, stop);
        try
        {
            _parts = new MultipartReader(_response, _label, MaximumFrame);
        }
        catch
        {
            _response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Next(Frame frame, Pulse pulse, CancellationToken stop)
    {
        do
        {
            pulse.Leave();
            // Silence ends a wait sooner than a frame that drips in slowly.
            _response.Connection.Deadline = Environment.TickCount64 + (2 * _patience);
            if (!_parts.Next(frame))
            {
                return stop.IsCancellationRequested ? false : throw new SourceException($"{_label}: the stream ended");
            }
        }
        while (!_clock.IsDue());
        frame.Complete(_name, _label);
        return !stop.IsCancellationRequested;
    }

    public void Dispose()
    {
        _parts.Dispose();
        _response.Dispose();
    }

    /// <summary>The request of a configuration.</summary>
    /// <exception cref="SourceException">The password file cannot be read.</exception>
    internal static HttpRequest Request(SourceConfig config) => new()
    {
        Url = new Uri(config.Url!),
        CaFile = config.CaFile,
        Authorization = config.UserName is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{config.UserName}:{SecretFile.ReadOptional(config.PasswordFile)}")),
    };
}
