using Edge.Graph;
using Edge.Packages;
using Edge.Training;
using Edge.Training.Data;
using Edge.Zoo;

namespace Edge.Judging.Tests;

/// <summary>A small net that was really trained, for all attacks: a faint bright bar in one of three blocks of columns, on noise.</summary>
public sealed class TrainedNet
{
    internal const int Side = 12;
    internal const int Classes = 3;

    public TrainedNet()
    {
        Model = ConvNet.Build(new ZooOptions { Height = Side, Width = Side, Classes = Classes, Seed = 4 });
        using var trainer = new Trainer(Model, Bars(600, 5).Prepare(Normalization.Unit(1)), new TrainerOptions { Epochs = 3, BatchSize = 32, Seed = 3 });
        trainer.Run();
        ImageDataset test = Bars(90, 8);
        Inputs = new float[test.Count * Side * Side];
        Labels = new int[test.Count];
        for (int i = 0; i < test.Count; i++)
        {
            Labels[i] = test.ClassOf(i);
            for (int place = 0; place < Side * Side; place++)
            {
                Inputs[(i * Side * Side) + place] = test.Image(i)[place] / 255f;
            }
        }
    }

    public OnnxModel Model { get; }

    /// <summary>Test pictures as the model takes them.</summary>
    public float[] Inputs { get; }

    public int[] Labels { get; }

    private static ImageDataset Bars(int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Side * Side];
        byte[] labels = new byte[count];
        random.NextBytes(pixels);
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)random.Next(Classes);
            for (int p = 0; p < Side * Side; p++)
            {
                bool isBar = p % Side / (Side / Classes) == labels[i];
                pixels[(i * Side * Side) + p] = (byte)((pixels[(i * Side * Side) + p] / 2) + (isBar ? 40 : 0));
            }
        }
        return new ImageDataset("bars", pixels, labels, 1, Side, Side, ["left", "middle", "right"]);
    }
}
