using System.Diagnostics;
using Edge.Imaging;
using Edge.Inference;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Verbs;

/// <summary>Looks at images as a pipeline does, and at what the engine and the decoder alone take for each of them.</summary>
internal sealed class BenchFrames : IDisposable
{
    private readonly VisionRunner _runner;
    private readonly FileReader _reader = new();
    private readonly ImageDecoder _decoder = new();
    private readonly PixelBuffer _pixels = new();
    private readonly LatencyHistogram _total = new();
    private readonly LatencyHistogram _read = new();
    private readonly LatencyHistogram _decode = new();
    private readonly LatencyHistogram _preprocess = new();
    private readonly LatencyHistogram _infer = new();
    private readonly LatencyHistogram _postprocess = new();

    internal BenchFrames(VisionModel model) => _runner = model.CreateRunner();

    internal LatencyHistogram BareEngine { get; } = new();

    internal LatencyHistogram BareDecode { get; } = new();

    internal long Count => _total.Count;

    /// <summary>The frames' time, without that of the bare engine and decoder.</summary>
    internal TimeSpan Elapsed { get; private set; }

    /// <summary>Managed bytes that the frames took.</summary>
    internal long Allocated { get; private set; }

    /// <summary>Processor time of all bare runs of the engine, on all its threads.</summary>
    internal TimeSpan EngineCpu { get; private set; }

    /// <summary>Processor time of all bare decodes.</summary>
    internal TimeSpan DecodeCpu { get; private set; }

    internal double PerFrame(TimeSpan time) => Count == 0 ? 0 : Math.Round(time.TotalMilliseconds / Count, 4);

    /// <exception cref="ImageException">The file cannot be decoded.</exception>
    internal void Look(string path)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long begin = Stopwatch.GetTimestamp();
        ReadOnlySpan<byte> file = _reader.Read(path);
        long read = Stopwatch.GetTimestamp();
        StageTimings timings = _runner.Run(file, path).Timings;
        long end = Stopwatch.GetTimestamp();
        Allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
        Elapsed += Stopwatch.GetElapsedTime(begin, end);
        _total.Record(end - begin);
        _read.Record(read - begin);
        _decode.Record(timings.Decode);
        _preprocess.Record(timings.Preprocess);
        _infer.Record(timings.Infer);
        _postprocess.Record(timings.Postprocess);
        LookBare(file, path);
    }

    internal void Forget()
    {
        foreach (LatencyHistogram histogram in (ReadOnlySpan<LatencyHistogram>)[_total, _read, _decode, _preprocess, _infer, _postprocess, BareEngine, BareDecode])
        {
            histogram.Clear();
        }
        (Elapsed, EngineCpu, DecodeCpu, Allocated) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0);
    }

    internal LatencyReport Latency() => new()
    {
        Total = StageReport.From(_total),
        Read = StageReport.From(_read),
        Decode = StageReport.From(_decode),
        Preprocess = StageReport.From(_preprocess),
        Infer = StageReport.From(_infer),
        Postprocess = StageReport.From(_postprocess),
        Publish = new StageReport(0, 0, 0),
    };

    public void Dispose()
    {
        _runner.Dispose();
        _reader.Dispose();
        _decoder.Dispose();
        _pixels.Dispose();
    }

    private void LookBare(ReadOnlySpan<byte> file, string path)
    {
        TimeSpan cpu = ProcessClock.Now;
        long begin = Stopwatch.GetTimestamp();
        _runner.Session.Run();
        BareEngine.Record(Stopwatch.GetTimestamp() - begin);
        TimeSpan between = ProcessClock.Now;
        begin = Stopwatch.GetTimestamp();
        _decoder.Decode(file, _pixels, new DecodeOptions(PixelFormat.Rgb24, Oriented: false), path);
        BareDecode.Record(Stopwatch.GetTimestamp() - begin);
        EngineCpu += between - cpu;
        DecodeCpu += ProcessClock.Now - between;
    }
}
