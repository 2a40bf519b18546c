using System.Diagnostics;
using System.Runtime.InteropServices;
using Edge.Imaging;

namespace Edge.Benchmarks.Runtime;

/// <summary>1920 × 1080 letterboxed to 640 × 640 float32 planes, beside a plain copy of as many bytes as go in.</summary>
internal sealed unsafe class PreprocessRuns : IDisposable
{
    private const int Width = 1920;
    private const int Height = 1080;
    private const int Side = 640;
    private static readonly float[] Multiply = [1 / 255f, 1 / 255f, 1 / 255f];
    private static readonly float[] Add = [0, 0, 0];
    private readonly PixelBuffer _image = new();
    private readonly TensorWriter _writer = new(Side, Side, planar: true, PixelFormat.Bgr24);
    private readonly byte* _copy;
    private readonly float* _tensor;

    public PreprocessRuns()
    {
        _image.Resize(Width, Height, PixelFormat.Rgb24);
        new Random(1).NextBytes(_image.Pixels);
        _copy = (byte*)NativeMemory.AlignedAlloc((nuint)_image.Pixels.Length, 64);
        _tensor = (float*)NativeMemory.AlignedAlloc((nuint)_writer.Length * sizeof(float), 64);
    }

    /// <summary>Bytes that go in.</summary>
    public int Bytes => _image.Pixels.Length;

    public List<double> OwnMs { get; } = [];

    public List<double> CopyMs { get; } = [];

    /// <summary>The same picture in two halves, each on a thread of its own that waits for work.</summary>
    public List<double> TwoThreadsMs { get; } = [];

    public void Run(int runs)
    {
        Placement placement = Placement.Letterbox(Width, Height, Side, Side, centered: true);
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            _writer.Write(_image.View, placement, 114, Multiply, Add, new Span<float>(_tensor, _writer.Length));
            OwnMs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            start = Stopwatch.GetTimestamp();
            _image.Pixels.CopyTo(new Span<byte>(_copy, Bytes));
            CopyMs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        RunHalves(runs);
    }

    private void RunHalves(int runs)
    {
        using var begin = new SemaphoreSlim(0);
        using var end = new SemaphoreSlim(0);
        var lower = new TensorWriter(Side, Side / 2, planar: true, PixelFormat.Bgr24);
        var upper = new TensorWriter(Side, Side / 2, planar: true, PixelFormat.Bgr24);
        float[] lowerTensor = new float[lower.Length], upperTensor = new float[upper.Length];
        var helper = new Thread(() =>
        {
            for (int i = 0; i < runs; i++)
            {
                begin.Wait();
                WriteHalf(lower, lowerTensor, Height / 2);
                end.Release();
            }
        });
        helper.Start();
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            begin.Release();
            WriteHalf(upper, upperTensor, 0);
            end.Wait();
            TwoThreadsMs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        helper.Join();
    }

    private void WriteHalf(TensorWriter writer, float[] tensor, int firstRow)
    {
        var half = new PixelView(_image.Pixels[(firstRow * _image.Stride)..], Width, Height / 2, PixelFormat.Rgb24);
        writer.Write(half, Placement.Letterbox(Width, Height / 2, Side, Side / 2, centered: true), 114, Multiply, Add, tensor);
    }

    public void Dispose()
    {
        _image.Dispose();
        NativeMemory.AlignedFree(_copy);
        NativeMemory.AlignedFree(_tensor);
    }
}
