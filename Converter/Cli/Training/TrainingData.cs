using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Cli.Models;
using Edge.Inference.Text;
using Edge.Packages;
using Edge.Training.Data;

namespace Edge.Cli.Training;

/// <summary>Everything a training run learns from, split and prepared for the model.</summary>
/// <param name="Split">What to train, to validate and to judge with.</param>
internal sealed record TrainingData(DatasetSplit Split)
{
    private const int FingerprintSamples = 4096;

    /// <summary>What to train with.</summary>
    internal Dataset Train => Split.Train;

    /// <summary>What training never sees.</summary>
    internal Dataset Test => Split.Test!;

    /// <summary>The pictures themselves, where the data are IDX files.</summary>
    internal DatasetPair? Pair { get; init; }

    /// <summary>What mixes the samples of a batch.</summary>
    internal IReadOnlyList<IBatchAugmentation> Mixing { get; init; } = [];

    /// <summary>How values are normalised; null where they are not.</summary>
    internal ChannelStatistics? Statistics { get; init; }

    /// <summary>The names of a table's columns; empty for other data.</summary>
    internal IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Readings of a table further apart were in no window together; zero for any distance.</summary>
    internal TimeSpan MaximumGap { get; init; }

    /// <summary>What texts are cut with; null for other data.</summary>
    internal Vocabulary? Vocabulary { get; init; }

    /// <summary>Whether pictures have their channels as blue, green, red.</summary>
    internal bool IsBgr { get; init; }

    /// <summary>Which classes are normal, for an autoencoder that finds what is not; empty for all.</summary>
    internal IReadOnlyList<string> Normal { get; init; } = [];

    /// <summary>What a model of these data takes and gives, for its card; null where no card describes it.</summary>
    internal ModelCard? Card
    {
        get
        {
            if (Train.TargetKind is not (TargetKind.Class or TargetKind.Boxes) || Train.Inputs[0].Shape is not [1 or 3, var height, var width])
            {
                return null;
            }
            var input = new InputSpec
            {
                Channels = Train.Inputs[0].Shape[0],
                Height = height,
                Width = width,
                ColorOrder = Train.Inputs[0].Shape[0] == 1 ? ColorOrder.Grey : IsBgr ? ColorOrder.Bgr : ColorOrder.Rgb,
                Scale = Statistics?.Scale ?? 1,
                Mean = Statistics?.Mean ?? [],
                Std = Statistics?.Std ?? [],
            };
            return Train.TargetKind == TargetKind.Class
                ? new ModelCard { Task = ModelTask.Classify, Input = input, Output = new OutputSpec { Family = OutputSpec.Classifier }, Labels = Train.ClassNames }
                : new ModelCard
                {
                    Task = ModelTask.Detect,
                    Input = input with { Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft },
                    Output = new OutputSpec { Family = OutputSpec.YoloX, Threshold = 0.3f },
                    Labels = Train.ClassNames,
                };
        }
    }

    /// <summary>The same for readings and texts; null for other data, and for tasks that no package has.</summary>
    internal SignalCard? Signal
    {
        get
        {
            bool isAnomaly = Train.TargetKind == TargetKind.Input;
            if (Train.TargetKind == TargetKind.Values || (Vocabulary is null && Columns.Count == 0) || (Vocabulary is not null && isAnomaly))
            {
                return null;
            }
            float scale = Statistics?.Scale ?? 1;
            return new SignalCard
            {
                Task = isAnomaly ? ModelTask.Anomaly : Vocabulary is not null ? ModelTask.TextClassify : ModelTask.SensorClassify,
                // Tables are not scaled before mean and deviation are taken; a scale would belong into both.
                Sensor = Columns.Count == 0 ? null : new SensorSpec
                {
                    Columns = Columns,
                    Window = Train.Inputs[0].Shape.Length == 2 ? Train.Inputs[0].Shape[0] : 0,
                    MaximumGapSeconds = MaximumGap.TotalSeconds,
                    Mean = [.. (Statistics?.Mean ?? []).Select(mean => mean / scale)],
                    Std = [.. (Statistics?.Std ?? []).Select(std => std / scale)],
                },
                Text = Vocabulary is { } vocabulary ? new TextSpec { Length = vocabulary.Length } : null,
                Output = new OutputSpec { Family = isAnomaly ? OutputSpec.Reconstruction : OutputSpec.Classifier },
                Labels = isAnomaly ? [] : Train.ClassNames,
            };
        }
    }

    /// <summary>SHA-256 over the number of samples to train and validate with, their classes or boxes, and the content (and values asked for) of up to 4,096 of each, evenly spread.</summary>
    internal string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Split.Train);
        if (Split.Validation is not null)
        {
            Add(hash, Split.Validation);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, Dataset part)
    {
        Span<byte> number = stackalloc byte[16];
        Dataset plain = part.WithoutAugmentation();
        BinaryPrimitives.WriteInt64LittleEndian(number, plain.Count);
        hash.AppendData(number[..8]);
        int stride = Math.Max(1, plain.Count / FingerprintSamples);
        for (int index = 0; index < plain.Count; index++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, plain.ClassOf(index));
            hash.AppendData(number[..8]);
            if (index % stride == 0)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(number, plain.ContentHash(index));
                hash.AppendData(number);
            }
            if (plain.TargetKind == TargetKind.Boxes || (plain.TargetKind == TargetKind.Values && index % stride == 0))
            {
                BinaryPrimitives.WriteUInt128LittleEndian(number, plain.TargetHash(index));
                hash.AppendData(number);
            }
        }
    }
}
