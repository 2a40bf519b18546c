using System.Globalization;
using System.Text.Json;
using Edge.Benchmarks.Training;
using Edge.Foundation;
using Edge.Packages;
using Edge.Torch;
using Edge.Training;
using Edge.Training.Data;
using Edge.Zoo;

// Trains the convnet, an epoch of it and one of python3-torch in turn, and compares the medians.
const string DataFolder = "/usr/share/datasets/fashion-mnist";
int images = 30_000;
int batch = 128;
int runs = 3;
string? json = null;
bool alone = false;
for (int i = 0; i < args.Length; i++)
{
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    switch (args[i])
    {
        case "--images" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out images):
        case "--batch" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out batch):
        case "--runs" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out runs):
            i++;
            break;
        case "--json" when value is not null:
            json = value;
            i++;
            break;
        case "--alone":
            alone = true;
            break;
        default:
            Console.Error.WriteLine("usage: bench-train [--images N] [--batch N] [--runs N] [--alone] [--json FILE]");
            return ExitCode.BadInput;
    }
}
try
{
    return Run();
}
catch (InputException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCode.BadInput;
}

int Run()
{
    Dataset dataset = DatasetCatalog.Load(DatasetCatalog.FashionMnist).Train.Prepare(Normalization.Unit(1)).Take(images);
    var options = new TrainerOptions { Epochs = runs + 1, BatchSize = batch, ValidationFraction = 0 };
    using var ours = new EpochByEpoch(new Trainer(ConvNet.Build(new ZooOptions()), dataset, options), dataset.Count);
    int threads = Libtorch.Threads;
    Console.WriteLine($"convnet, Adam, batch {batch}, {dataset.Count} images an epoch, libtorch {Libtorch.Version}, {threads} threads");
    string reason = "";
    using TorchPeer? peer = alone ? null : TorchPeer.Start(DataFolder, images, batch, threads, out reason);
    if (peer is null && !alone)
    {
        Console.WriteLine(reason);
    }
    _ = ours.Train();
    _ = peer?.Train();
    var mine = new List<EpochFigures>();
    var theirs = new List<EpochFigures>();
    for (int run = 0; run < runs; run++)
    {
        mine.Add(ours.Train());
        Console.WriteLine($"  edge          {mine[^1].ImagesPerSecond,8:F0} images/s   loss {mine[^1].Loss:F4}   {ours.AllocatedPerStep:F0} managed bytes a step");
        if (peer is not null)
        {
            theirs.Add(peer.Train());
            Console.WriteLine($"  python3-torch {theirs[^1].ImagesPerSecond,8:F0} images/s   loss {theirs[^1].Loss:F4}");
        }
    }
    double? ratio = peer is null ? null : Median(mine) / Median(theirs);
    Console.WriteLine(ratio is null
        ? $"median: edge {Median(mine):F0} images/s"
        : $"median: edge {Median(mine):F0}, python3-torch {peer!.Version} {Median(theirs):F0} images/s, ratio {ratio:F3}");
    if (json is not null)
    {
        AtomicFile.WriteAllText(json, JsonSerializer.Serialize(new
        {
            trainImagesPerSecond = Median(mine),
            torchImagesPerSecond = peer is null ? (double?)null : Median(theirs),
            torchRatio = ratio,
            torchVersion = peer?.Version,
            libtorch = Libtorch.Version,
            threads,
            batch,
            images = dataset.Count,
            edgeRuns = mine.ConvertAll(figures => figures.ImagesPerSecond),
            torchRuns = theirs.ConvertAll(figures => figures.ImagesPerSecond),
        }) + "\n");
    }
    return ExitCode.Success;
}

static double Median(List<EpochFigures> figures)
{
    List<double> sorted = figures.ConvertAll(figure => figure.ImagesPerSecond);
    sorted.Sort();
    int middle = sorted.Count / 2;
    return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
