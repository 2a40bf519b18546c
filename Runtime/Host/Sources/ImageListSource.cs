using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Sources;

/// <summary>Image files one after the other. Everything about a file that costs memory is made when the source is opened.</summary>
internal sealed class ImageListSource : IFrameSource
{
    private readonly string[] _paths;
    private readonly JsonEncodedText[] _names;
    private readonly FrameClock _clock;
    private readonly bool _loop;
    private int _next;

    /// <summary>Lists the files.</summary>
    /// <exception cref="SourceException">Nothing is there.</exception>
    internal ImageListSource(SourceConfig config)
    {
        _paths = config.Type == SourceConfig.Folder ? ImageList.OfFolder(config.Path!, config.Pattern) : ImageList.OfNames(config.Paths!);
        _names = new JsonEncodedText[_paths.Length];
        for (int i = 0; i < _paths.Length; i++)
        {
            _names[i] = ClassificationResultWriter.EncodeText(Path.GetFileName(_paths[i]));
        }
        _clock = new FrameClock(config.FramesPerSecond);
        _loop = config.Loop;
    }

    internal int Count => _paths.Length;

    /// <inheritdoc/>
    /// <exception cref="Imaging.ImageException">A file cannot be read; the next call goes on behind it.</exception>
    public bool Next(Frame frame, Pulse pulse, CancellationToken stop)
    {
        if (_next == _paths.Length)
        {
            if (!_loop)
            {
                return false;
            }
            _next = 0;
        }
        pulse.Leave();
        if (!_clock.WaitForNext(stop))
        {
            return false;
        }
        pulse.Enter("read");
        frame.Begin();
        int index = _next++;
        frame.Load(_paths[index], _names[index]);
        return true;
    }

    public void Dispose()
    {
    }
}
