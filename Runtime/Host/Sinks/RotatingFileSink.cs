using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;
using Microsoft.Win32.SafeHandles;

namespace Edge.Runtime.Sinks;

/// <summary>
/// Appends messages to a file, one JSON object a line. When the file is full it becomes <c>name.1</c>, the former one
/// <c>name.2</c>, and so on; what is beyond the number to keep is deleted. A line is never split over two files.
/// </summary>
internal sealed class RotatingFileSink : IResultSink
{
    private readonly SinkConfig _config;
    private readonly string _path;
    private readonly long _maximum;
    private readonly int _keep;
    private byte[] _line = new byte[4096];
    private SafeFileHandle? _file;
    private long _length;
    private bool _isBroken;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="ConfigException">The file cannot be written.</exception>
    internal RotatingFileSink(SinkConfig config)
    {
        (_config, _path, _maximum, _keep) = (config, config.Path!, config.MaxBytes, config.Keep);
        try
        {
            Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{_path}: cannot be written: check the folder, its permissions and the free space", e);
        }
    }

    public string Name => _path;

    public bool Write(MessageKind kind, ReadOnlySpan<byte> json)
    {
        if (!_config.Takes(kind))
        {
            return true;
        }
        Line.Make(json, ref _line);
        try
        {
            if (_length > 0 && _length + json.Length + 1 > _maximum)
            {
                Rotate();
            }
            if (_file is null)
            {
                Open();
            }
            RandomAccess.Write(_file!, _line.AsSpan(0, json.Length + 1), _length);
            _length += json.Length + 1;
            _isBroken = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isBroken)
            {
                Log.Warning($"{_path}: cannot be written ({e.Message}): results are dropped until it can");
                _isBroken = true;
            }
            _file?.Dispose();
            _file = null;
            return false;
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Open()
    {
        _file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete);
        _length = RandomAccess.GetLength(_file);
    }

    private void Rotate()
    {
        _file?.Dispose();
        _file = null;
        if (_keep == 0)
        {
            File.Delete(_path);
        }
        for (int i = _keep; i > 0; i--)
        {
            string older = i == 1 ? _path : $"{_path}.{i - 1}";
            if (File.Exists(older))
            {
                File.Move(older, $"{_path}.{i}", overwrite: true);
            }
        }
        Open();
    }
}
