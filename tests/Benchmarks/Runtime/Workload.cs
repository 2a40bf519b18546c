using System.Globalization;
using System.Text.Json;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Packages;
using Edge.Zoo;

namespace Edge.Benchmarks.Runtime;

/// <summary>
/// What is measured: YOLOX-nano on photos where the shared data stand beside the checkout, otherwise a net of the zoo on
/// pictures made here, which the peers do not know.
/// </summary>
internal sealed class Workload
{
    private const int MadePictures = 40;

    private Workload(string folder, string name, string? onnx)
    {
        Folder = folder;
        Name = name;
        Onnx = onnx;
    }

    public string Folder { get; }

    public string Name { get; }

    /// <summary>The detector for the peers; null where there is none.</summary>
    public string? Onnx { get; }

    public string Package => Path.Combine(Folder, "model.edgepkg");

    public string Key => Path.Combine(Folder, "bench.key.pub");

    /// <summary>Each photo once.</summary>
    public string Photos => Path.Combine(Folder, "photos");

    /// <summary>As many links to photos as frames are asked for.</summary>
    public string Frames => Path.Combine(Folder, "frames");

    public string Config => Path.Combine(Folder, "edge-runtime.json");

    public static Workload Prepare(string root, string folder, int frames)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        string shared = Path.GetFullPath(Path.Combine(root, "..", "shared", "data"));
        string onnx = Path.Combine(shared, "models", "yolox-nano", "yolox_nano_416x416.onnx");
        bool real = File.Exists(onnx);
        var work = new Workload(folder, real ? "YOLOX-nano on COCO photos" : "convnet of the zoo on made pictures", real ? onnx : null);
        Directory.CreateDirectory(work.Photos);
        Directory.CreateDirectory(work.Frames);
        if (real)
        {
            foreach (string set in (string[])["coco-calib", "coco-eval"])
            {
                foreach (string photo in Directory.GetFiles(Path.Combine(shared, "images", set), "*.jpg"))
                {
                    File.Copy(photo, Path.Combine(work.Photos, Path.GetFileName(photo)));
                }
            }
        }
        else
        {
            MakePictures(work.Photos);
        }
        work.Link(frames);
        work.WritePackage();
        work.WriteConfig();
        return work;
    }

    private static void MakePictures(string folder)
    {
        using var image = new PixelBuffer();
        using var encoder = new ImageEncoder();
        image.Resize(640, 480, PixelFormat.Rgb24);
        for (int picture = 0; picture < MadePictures; picture++)
        {
            for (int y = 0; y < image.Height; y++)
            {
                Span<byte> row = image.Row(y);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = (byte)(128 + (100 * Math.Sin((i * 0.01) + (y * 0.02 * (1 + (picture % 5))) + picture)));
                }
            }
            File.WriteAllBytes(Path.Combine(folder, $"{picture:0000}.jpg"), encoder.EncodeJpeg(image).ToArray());
        }
    }

    private void Link(int frames)
    {
        string[] photos = Directory.GetFiles(Photos);
        Array.Sort(photos, StringComparer.Ordinal);
        for (int i = 0; i < frames; i++)
        {
            File.CreateSymbolicLink(Path.Combine(Frames, $"{i:000000}.jpg"), photos[i % photos.Length]);
        }
    }

    private void WritePackage()
    {
        using SigningKey key = SigningKey.Generate();
        key.Save(Path.Combine(Folder, "bench.key"));
        bool detects = Onnx is not null;
        var manifest = new Manifest
        {
            Name = "bench",
            Version = "1.0.0",
            Release = 1,
            Task = detects ? ModelTask.Detect : ModelTask.Classify,
            Input = detects
                ? new InputSpec { Width = 416, Height = 416, Channels = 3, ColorOrder = ColorOrder.Bgr, Scale = 1, Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft }
                : new InputSpec { Width = 28, Height = 28, Channels = 1, ColorOrder = ColorOrder.Grey },
            Output = detects
                ? new OutputSpec { Family = OutputSpec.YoloX, Threshold = 0.3f, IouThreshold = 0.45f }
                : new OutputSpec { Family = OutputSpec.Classifier },
        };
        byte[] model = detects ? File.ReadAllBytes(Onnx!) : ConvNet.Build(new ZooOptions()).ToBytes();
        string[] labels = [.. Enumerable.Range(0, detects ? 80 : 10).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        PackageWriter.Write(Package, manifest, [PackageContent.Model(model), PackageContent.Labels(labels)], key);
    }

    private void WriteConfig() => AtomicFile.WriteAllText(Config, JsonSerializer.Serialize(new
    {
        device = "bench",
        trustedKeys = new[] { Path.GetFileName(Key) },
        threads = 1,
        pipelines = new[]
        {
            new
            {
                name = "bench",
                package = Path.GetFileName(Package),
                workers = 2,
                source = new { type = "folder", path = Frames },
                sinks = new[] { new { type = "stdout" } },
            },
        },
    }));
}
