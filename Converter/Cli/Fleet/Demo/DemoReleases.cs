using Edge.Cli.Models;
using Edge.Graph;
using Edge.Packages;
using Edge.Zoo;

namespace Edge.Cli.Fleet.Demo;

/// <summary>The four releases of the demo, of nets of the zoo that nobody has trained: what they see does not matter here.</summary>
/// <param name="folder">Where the packages go.</param>
/// <param name="key">The private key that signs them.</param>
internal sealed class DemoReleases(string folder, string key)
{
    internal const string Name = "eye";

    /// <summary>What devices are delivered with.</summary>
    internal string Factory() => Write(ZooCatalog.Find("lenet5").Build(new ZooOptions()), 1);

    /// <summary>The same net with another head, as a fine-tune makes it.</summary>
    internal string Good()
    {
        OnnxModel model = ZooCatalog.Find("lenet5").Build(new ZooOptions());
        Value head = model.Graph.Initializers.Where(value => value.Constant!.Dims.Length == 2).MinBy(value => value.Constant!.Bytes.Length)!;
        float[] weights = head.Constant!.ToArray<float>();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += 0.01f * (i % 7);
        }
        model.Graph.SetConstant(head, OnnxTensor.From<float>(weights, head.Constant.Dims));
        return Write(model, 2);
    }

    /// <summary>A net that takes many times as long.</summary>
    internal string Slow() => Write(ZooCatalog.Find("resnet9").Build(new ZooOptions()), 3);

    /// <summary>A package whose golden output is not what its model gives.</summary>
    internal string Wrong()
    {
        Package good = Package.Open(Path.Combine(folder, $"{Name}-2.0.0.edgepkg"), PackageTrust.AllowUnsigned);
        var files = good.Files.Select(file => new PackageContent(file.Path, file.Path.EndsWith(".output", StringComparison.Ordinal) ? Shifted(good.ReadFile(file.Path)) : good.ReadFile(file.Path), Cuts(file))).ToList();
        string path = Path.Combine(folder, $"{Name}-4.0.0.edgepkg");
        using SigningKey signer = SigningKey.Load(key);
        PackageWriter.Write(path, good.Manifest with { Version = "4.0.0", Release = 4 }, files, signer);
        return path;
    }

    private string Write(OnnxModel model, int release)
    {
        var card = new ModelCard
        {
            Task = ModelTask.Classify,
            Input = new InputSpec { Width = 28, Height = 28, Channels = 1, ColorOrder = ColorOrder.Grey },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
        };
        return Packager.Write(model, $"release {release}", card, new PackageRequest
        {
            Name = Name,
            Version = $"{release}.0.0",
            Release = release,
            KeyPath = key,
            OutputPath = Path.Combine(folder, $"{Name}-{release}.0.0.edgepkg"),
        }).Path;
    }

    /// <summary>Where the file was cut before: the same bytes are to give the same chunks.</summary>
    private static List<long> Cuts(PackageFile file)
    {
        var cuts = new List<long>();
        long end = 0;
        foreach (PackageChunk chunk in file.Chunks)
        {
            cuts.Add(end += chunk.Length);
        }
        return cuts;
    }

    private static byte[] Shifted(ReadOnlyMemory<byte> output)
    {
        float[] values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(output.Span).ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += 10;
        }
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();
    }
}
