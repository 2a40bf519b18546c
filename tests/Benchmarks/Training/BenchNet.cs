using Edge.Foundation;
using Edge.Graph;
using Edge.Packages;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Zoo;

namespace Edge.Benchmarks.Training;

/// <summary>A net, what it learns from, and how large a batch is; the peer's script knows the same nets by these names.</summary>
internal sealed record BenchNet(string Name, int Batch, int Samples, Func<int, Dataset> Data, ZooOptions Options)
{
    public const int TextLength = 32;
    public const int Vocabulary = 5000;

    public static IReadOnlyList<BenchNet> All { get; } =
    [
        new("convnet", 128, 12_800, Pictures, new ZooOptions()),
        new("resnet8", 128, 6_400, Pictures, new ZooOptions()),
        new("lstm-text", 64, 3_200, Texts, new ZooOptions { Shape = [TextLength], Classes = 2, Vocabulary = Vocabulary }),
        new("mlp", 128, 51_200, Pictures, new ZooOptions()),
    ];

    public OnnxModel Build() => ZooCatalog.Build(Name, Options);

    private static Dataset Pictures(int count) => DatasetCatalog.Load(DatasetCatalog.FashionMnist).Train.Take(count).Prepare(Normalization.Unit(1));

    private static Dataset Texts(int count) => new RandomTexts(count);

    /// <summary>Tokens of no meaning: only their number matters here.</summary>
    private sealed class RandomTexts(int count) : Dataset
    {
        public override string Name => "random texts";

        public override int Count => count;

        public override IReadOnlyList<Field> Inputs { get; } = [new Field("tokens", DataType.Int64, TextLength)];

        public override TargetKind TargetKind => TargetKind.Class;

        public override Field Target { get; } = new Field("class", DataType.Int64);

        public override IReadOnlyList<string> ClassNames => ["no", "yes"];

        public override int ClassOf(int index) => index % 2;

        public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
        {
            var own = new SplitMix64((ulong)index);
            foreach (ref long token in slots.Input<long>())
            {
                token = 1 + (long)(own.NextDouble() * (Vocabulary - 1));
            }
            slots.Target<long>()[0] = ClassOf(index);
        }
    }
}
