using System.Text;

namespace Edge.Packages.Tests;

/// <summary>A small package to read, write and break.</summary>
internal static class Sample
{
    internal static Manifest Manifest { get; } = new()
    {
        Name = "fashion-convnet",
        Version = "1.2.0",
        Release = 7,
        Task = ModelTask.Classify,
        Input = new InputSpec { Width = 28, Height = 28, Channels = 1, ColorOrder = ColorOrder.Grey, Mean = [0.5f], Std = [0.25f] },
        Output = new OutputSpec { Family = OutputSpec.Classifier, TopK = 3 },
        Quantization = new QuantizationFacts { Scheme = "qdq-int8", Target = "cpu-x64", Calibration = "minmax", CalibrationSamples = 256, Metric = "accuracy", FloatMetric = 0.91, QuantizedMetric = 0.909 },
        Training = new TrainingProvenance { DataSet = "fashion-mnist", Seed = 1, Epochs = 2, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.91 } },
        Golden = new GoldenSpec { Cases = [new GoldenCase { Input = "golden/0.input", Output = "golden/0.output" }] },
    };

    internal static IReadOnlyList<PackageContent> Files { get; } =
    [
        PackageContent.Model(Encoding.ASCII.GetBytes("not really a model"), [4, 9]),
        PackageContent.Labels(["T-shirt", "Trouser", "Pullover"]),
        new PackageContent("golden/0.input", new byte[] { 1, 2, 3, 4 }),
        new PackageContent("golden/0.output", new byte[] { 0, 0, 128, 63 }),
    ];

    internal static byte[] Bytes(SigningKey? key = null) => PackageWriter.ToBytes(Manifest, Files, key);

    internal static byte[] Archive(params (string Path, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        ArchiveWriter.Write(stream, [.. entries.Select(e => (e.Path, (ReadOnlyMemory<byte>)e.Content))]);
        return stream.ToArray();
    }

    /// <summary>The sample's entries with its manifest's text changed.</summary>
    internal static byte[] WithManifest(Func<string, string> change)
    {
        Package package = Package.Read(Bytes(), "sample", PackageTrust.AllowUnsigned);
        byte[] manifest = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(package.ManifestBytes.Span)));
        return Archive([(PackagePath.Manifest, manifest), .. package.Files.Select(f => (f.Path, package.ReadFile(f.Path).ToArray()))]);
    }

    internal static PackageException Refused(byte[] bytes, PackageTrust? trust = null, PackageLimits? limits = null)
    {
        var exception = Assert.Throws<PackageException>(() => Package.Read(bytes, "p.edgepkg", trust ?? PackageTrust.AllowUnsigned, limits));
        Assert.StartsWith("p.edgepkg: ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        return exception;
    }
}
