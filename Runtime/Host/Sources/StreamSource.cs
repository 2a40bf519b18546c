using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Imaging;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Sources;

/// <summary>Raw frames or JPEG files one behind the other, from a file, a named pipe or standard input.</summary>
internal sealed class StreamSource : IFrameSource
{
    private const int JpegRead = 64 << 10;

    private readonly SourceConfig _config;
    private readonly FrameClock _clock;
    private readonly long _patience;
    private readonly string _label;
    private readonly JsonEncodedText _name;
    private readonly PixelFormat? _format;
    private readonly int _frameBytes;
    private readonly JpegSplitter? _splitter;
    private readonly byte[] _read;
    private readonly bool _isFile;
    private ByteStream _stream;
    private int _readAt;
    private int _readEnd;

    /// <summary>Opens the stream.</summary>
    /// <exception cref="SourceException">It cannot be opened.</exception>
    internal StreamSource(SourceConfig config)
    {
        _config = config;
        _clock = new FrameClock(config.FramesPerSecond);
        _patience = (long)((config.StallSeconds ?? 0) * 1000);
        _label = config.Path ?? "stdin";
        _name = ClassificationResultWriter.EncodeText(Path.GetFileName(_label));
        _format = SourceCheck.Format(config.Format!);
        if (_format is { } format)
        {
            int width = config.Width!.Value;
            _frameBytes = checked((int)PixelLayout.Bytes(format, config.Height!.Value, PixelLayout.RowBytes(format, width)));
        }
        _splitter = _format is null ? new JpegSplitter(_label) : null;
        _read = new byte[_format is null ? JpegRead : 0];
        _stream = OpenStream();
        _isFile = _stream.CanRewind;
    }

    /// <inheritdoc/>
    public bool Next(Frame frame, Pulse pulse, CancellationToken stop)
    {
        pulse.Leave();
        if (!_clock.WaitForNext(stop))
        {
            return false;
        }
        pulse.Enter("read");
        frame.Begin();
        bool hasRead = false;
        while (true)
        {
            int state = _format is null ? ReadJpeg(frame, pulse, stop) : ReadRaw(frame, pulse, stop);
            if (state > 0)
            {
                return true;
            }
            // A pipe's writer has gone: the next one is waited for. Standard input ends but once.
            bool again = _isFile ? _config.Loop && !hasRead : _config.Type == SourceConfig.Raw;
            if (state < 0 || !again)
            {
                return false;
            }
            hasRead = true;
            Restart();
            frame.Begin();
        }
    }

    public void Dispose() => _stream.Dispose();

    private ByteStream OpenStream() => _config.Type == SourceConfig.Stdin ? ByteStream.OpenStandardInput() : ByteStream.Open(_config.Path!);

    private void Restart()
    {
        (_readAt, _readEnd) = (0, 0);
        _splitter?.Reset();
        if (_isFile)
        {
            _stream.Rewind();
            return;
        }
        // The new one first: a pipe that nobody holds open loses what its next writer has already put in.
        ByteStream former = _stream;
        _stream = OpenStream();
        former.Dispose();
    }

    /// <returns>1: a frame; 0: the end; −1: stopped.</returns>
    private int ReadRaw(Frame frame, Pulse pulse, CancellationToken stop)
    {
        frame.Reserve(_frameBytes);
        int length = 0;
        while (length < _frameBytes)
        {
            int count = _stream.Read(frame.Memory[length.._frameBytes], _patience, pulse, stop);
            if (count <= 0)
            {
                return count == 0 && length > 0
                    ? throw new SourceException($"{_label}: ends after {length} of a frame's {_frameBytes} bytes: check width, height and format")
                    : count;
            }
            length += count;
        }
        frame.CompleteRaw(_frameBytes, _format!.Value, _config.Width!.Value, _config.Height!.Value,
            _config.Range == "full" ? PixelRange.Full : PixelRange.Limited, _name, _label);
        return 1;
    }

    private int ReadJpeg(Frame frame, Pulse pulse, CancellationToken stop)
    {
        while (true)
        {
            if (_readAt < _readEnd)
            {
                bool whole = _splitter!.Take(_read.AsSpan(_readAt, _readEnd - _readAt), frame, out int taken);
                _readAt += taken;
                if (whole)
                {
                    frame.Complete(_name, _label);
                    return 1;
                }
                continue;
            }
            int count = _stream.Read(_read, _patience, pulse, stop);
            if (count <= 0)
            {
                return count == 0 && frame.Length > 0
                    ? throw new SourceException($"{_label}: ends in the middle of a JPEG image")
                    : count;
            }
            (_readAt, _readEnd) = (0, count);
        }
    }
}
