using System.Runtime.InteropServices;
using Edge.Foundation;

namespace Edge.Torch.Tests;

[Collection(nameof(TorchCollection))]
public sealed unsafe class LibtorchTests
{
    [Fact]
    public void Version_IsLibtorchs() => Assert.Matches(@"^\d+\.\d+\.\d+", Libtorch.Version);

    [Fact]
    public void Load_Environment_ReachesOpenBlas()
    {
        _ = Libtorch.Version;
        Assert.Equal("1", NativeEnvironment.Get("OPENBLAS_NUM_THREADS"));
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (path >= 0 && line.Contains("libopenblas", StringComparison.Ordinal))
            {
                nint library = NativeLibrary.Load(line[path..]);
                var threads = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "openblas_get_num_threads");
                Assert.Equal(1, threads());
                return;
            }
        }
        Assert.Skip("skipped: libtorch does not use OpenBLAS here");
    }

    [Fact]
    public void Threads_ByDefault_AreTheProcessors()
    {
        string? asked = NativeEnvironment.Get("OMP_NUM_THREADS");
        Assert.Equal(asked is null ? Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture) : asked,
            Libtorch.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Threads_SetOnOneThread_HoldOnAnother()
    {
        int before = Libtorch.Threads;
        try
        {
            Libtorch.Threads = 3;
            int seen = 0;
            var other = new Thread(() => seen = Libtorch.Threads);
            other.Start();
            other.Join();
            Assert.Equal(3, seen);
            Assert.Throws<ArgumentException>(() => Libtorch.Threads = 0);
        }
        finally
        {
            Libtorch.Threads = before;
        }
    }

    [Fact]
    public void Seed_Same_GivesTheSameNumbers()
    {
        var random = new Operator("aten::rand");
        Libtorch.Seed(5);
        using Tensor first = random.Call(new long[] { 8 });
        using Tensor other = random.Call(new long[] { 8 });
        Libtorch.Seed(5);
        using Tensor again = random.Call(new long[] { 8 });
        Assert.Equal(first.ToArray<float>(), again.ToArray<float>());
        Assert.NotEqual(first.ToArray<float>(), other.ToArray<float>());
    }

    [Fact]
    public void Select_Cpu_IsTheCpu()
    {
        Assert.Equal(Device.Cpu, Device.Select("cpu", out string? fallback));
        Assert.Null(fallback);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:7")]
    public void Select_MissingDevice_FallsBackAndSaysWhy(string text)
    {
        Assert.SkipWhen(Libtorch.CudaDevices > 0, "skipped: this machine has a CUDA device");
        Assert.Equal(Device.Cpu, Device.Select(text, out string? fallback));
        Assert.Contains("using the CPU", fallback, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_Auto_DoesNotComplain()
    {
        _ = Device.Select("auto", out string? fallback);
        Assert.Null(fallback);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("")]
    public void Select_Unknown_NamesTheChoices(string text)
    {
        var e = Assert.Throws<ArgumentException>(() => Device.Select(text, out _));
        Assert.Contains("cpu, cuda, cuda:<n> or auto", e.Message, StringComparison.Ordinal);
    }
}
