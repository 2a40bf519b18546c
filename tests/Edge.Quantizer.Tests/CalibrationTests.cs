using System.Security.Cryptography;
using Edge.Graph;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Targets;
using Edge.Testing;

namespace Edge.Quantizer.Tests;

public sealed class CalibrationTests
{
    [Fact]
    public void Run_AnyBudget_GivesTheSameStatistics()
    {
        var prepared = PreparedModel.Of(QuantizerFixtures.Net());
        IReadOnlyList<string> tensors = prepared.Tensors(QuantizationTarget.CpuX64);
        IReadOnlyDictionary<string, TensorStatistics> together = Calibrator.Run(prepared.Model, tensors, QuantizerFixtures.Batches(3));
        IReadOnlyDictionary<string, TensorStatistics> apart = Calibrator.Run(prepared.Model, tensors, QuantizerFixtures.Batches(3), new CalibrationOptions { TapBytes = 1 });
        Assert.True(tensors.Count > 4);
        foreach (string name in tensors)
        {
            Assert.Equal(together[name].Count, apart[name].Count);
            Assert.Equal(together[name].Minimum, apart[name].Minimum, 1e-4f);
            Assert.Equal(together[name].Maximum, apart[name].Maximum, 1e-4f);
        }
    }

    [Fact]
    public void Observe_AnyNumberOfBatches_KeepsTheSameMemory()
    {
        var statistics = new TensorStatistics();
        float[] values = new float[100_000];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        float[] finite = [.. values.Where(float.IsFinite)];
        statistics.Observe(finite);
        Assert.Equal(0, Allocations.Of(() => statistics.Observe(finite)));
    }

    [Fact]
    public void Cache_SavedAndLoaded_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var prepared = PreparedModel.Of(QuantizerFixtures.Net());
        string hash = CalibrationCache.HashOf(prepared.Model);
        IReadOnlyDictionary<string, TensorStatistics> saved = Calibrator.Run(prepared.Model, prepared.Tensors(QuantizationTarget.CpuX64), QuantizerFixtures.Batches(2));
        CalibrationCache.Save(folder["c.calib"], hash, saved);
        IReadOnlyDictionary<string, TensorStatistics> loaded = CalibrationCache.Load(folder["c.calib"], hash);
        Assert.Equal(saved.Keys.Order(), loaded.Keys.Order());
        foreach ((string name, TensorStatistics item) in saved)
        {
            Assert.Equal((item.Minimum, item.Maximum, item.AverageMinimum, item.AverageMaximum), (loaded[name].Minimum, loaded[name].Maximum, loaded[name].AverageMinimum, loaded[name].AverageMaximum));
            Assert.Equal(item.Histogram.Bins.ToArray(), loaded[name].Histogram.Bins.ToArray());
            Assert.Equal(item.Histogram.Limit, loaded[name].Histogram.Limit);
        }
    }

    [Fact]
    public void Cache_DamagedAnywhere_IsOneLineOrStillWhole()
    {
        using var folder = new TemporaryFolder();
        var statistics = new TensorStatistics();
        statistics.Observe([-1, 0, 0.5f, 2]);
        CalibrationCache.Save(folder["c.calib"], "hash", new Dictionary<string, TensorStatistics> { ["x"] = statistics });
        byte[] bytes = File.ReadAllBytes(folder["c.calib"]);
        var random = new Random(8);
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            byte[] damaged = attempt % 2 == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
            for (int change = attempt % 2 * (1 + (attempt % 5)); change > 0; change--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }
            // Half of them by somebody who knows where the hash is.
            bool isSealed = attempt % 4 > 1 && damaged.Length > SHA256.HashSizeInBytes;
            if (isSealed)
            {
                SHA256.HashData(damaged.AsSpan(0, damaged.Length - SHA256.HashSizeInBytes)).CopyTo(damaged, damaged.Length - SHA256.HashSizeInBytes);
            }
            File.WriteAllBytes(folder["d.calib"], damaged);
            try
            {
                foreach (TensorStatistics loaded in CalibrationCache.Load(folder["d.calib"], "hash").Values)
                {
                    Assert.All(Enum.GetValues<CalibrationMethod>(), method => Assert.True(AffineParameters.UInt8(new RangeRule(method).Find(loaded)).Scale > 0));
                }
                Assert.True(isSealed || damaged.AsSpan().SequenceEqual(bytes));
            }
            catch (QuantizationException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        Assert.Contains("another model", Assert.Throws<QuantizationException>(() => CalibrationCache.Load(folder["c.calib"], "other")).Message, StringComparison.Ordinal);
        Assert.Throws<QuantizationException>(() => CalibrationCache.Load(folder["missing.calib"], "hash"));
    }

    [Fact]
    public void Run_MissingInput_NamesIt()
    {
        IReadOnlyDictionary<string, OnnxTensor>[] batches = [new Dictionary<string, OnnxTensor> { ["y"] = OnnxTensor.Scalar(1f) }];
        Assert.Contains("input 'x'", Assert.Throws<QuantizationException>(() => StaticQuantizer.Quantize(QuantizerFixtures.Net(), batches, new QuantizationOptions())).Message, StringComparison.Ordinal);
    }
}
