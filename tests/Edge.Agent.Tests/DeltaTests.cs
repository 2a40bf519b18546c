using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Graph;
using Edge.Graph.Serialization;
using Edge.Packages;
using Edge.Zoo;

namespace Edge.Agent.Tests;

/// <summary>What a fine-tune of the last layer costs on the network: a net of the zoo, packed as <c>edge package</c> packs it, brought to a device.</summary>
public sealed class DeltaTests(ITestOutputHelper output) : IDisposable
{
    private const double MostOfThePackage = 0.05;

    private static readonly ZooOptions Options = new() { Channels = 3, Height = 96, Width = 96, Classes = 10, Multiplier = 0.57 };

    private readonly TestFleet _fleet = new();

    [Theory]
    [InlineData(10, "deltaRatio")]
    [InlineData(15, "deltaRatioOtherClasses")]
    public async Task Fetch_OnlyTheHeadHasChanged_MovesAFewPerCentOfThePackage(int classes, string figure)
    {
        // The device was delivered with the net; another seed stands for what training does to the head.
        File.Move(Write(1, Options.Classes, headSeed: 1), _fleet.Folder["factory.edgepkg"], overwrite: true);
        string path = Write(2, classes, headSeed: 2);
        long package = new FileInfo(path).Length;
        Assert.InRange(package, 3_600_000, 3_750_000);
        PublishedRelease two = await _fleet.PublishAsync(path);
        using var device = new TestDevice(_fleet);
        _fleet.Ask(_fleet.State(two.Release));
        device.WaitFor(UpdatePhase.Committed, 2);
        double ratio = (double)device.Report.BytesFetched / package;
        output.WriteLine($"{device.Report.BytesFetched} of {package} bytes: {ratio:P2}; the manifest has {two.ManifestBytes.Length}");
        Figures.Tell(output, (figure, Math.Round(ratio, 4)));
        Assert.InRange(ratio, double.Epsilon, MostOfThePackage);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_fleet.Folder["updates/model/a.edgepkg"]));
    }

    public void Dispose() => _fleet.Dispose();

    private string Write(long release, int classes, ulong headSeed)
    {
        OnnxModel model = MobileNetV2.Build(Options with { Classes = classes });
        OnnxModel other = MobileNetV2.Build(Options with { Classes = classes, Seed = headSeed });
        string[] head = [.. model.Graph.Initializers.Where(value => value.Constant!.Dims.Contains(classes)).Select(value => value.Name)];
        Assert.Equal(2, head.Length);
        foreach (string name in head)
        {
            model.Graph.SetConstant(model.Graph.Initializers.Single(value => value.Name == name), other.Graph.Initializers.Single(value => value.Name == name).Constant!);
        }
        byte[] bytes = model.ToBytes();
        byte[] input = new byte[Options.Channels * Options.Height * Options.Width];
        new Random(1).NextBytes(input);
        byte[] result = new byte[classes * sizeof(float)];
        new Random((int)release).NextBytes(result);
        var manifest = new Manifest
        {
            Name = TestFleet.Package,
            Version = $"{release}.0.0",
            Release = release,
            Task = ModelTask.Classify,
            Input = new InputSpec { Width = Options.Width, Height = Options.Height, Channels = Options.Channels },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
            Golden = new GoldenSpec { Cases = [new GoldenCase { Input = "golden/0.input", Output = "golden/0.output" }] },
        };
        string path = _fleet.Folder[$"delta-{release}.edgepkg"];
        PackageWriter.Write(path, manifest,
            [
                PackageContent.Model(bytes, ModelLayout.TensorOffsets(bytes)),
                PackageContent.Labels(Enumerable.Range(0, classes).Select(i => $"class {i}")),
                new PackageContent("golden/0.input", input),
                new PackageContent("golden/0.output", result),
            ], _fleet.MakerKey);
        return path;
    }
}
