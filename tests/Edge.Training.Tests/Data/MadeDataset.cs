using Edge.Foundation;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Training.Tests;

/// <summary>Samples made of their numbers: two inputs, [3] float and [] int64, and a class.</summary>
internal sealed class MadeDataset(int count, int classes = 2, Func<int, int>? group = null, Func<int, int>? content = null) : Dataset
{
    public int FailsAt { get; init; } = -1;

    public override string Name => "made";

    public override int Count => count;

    public override IReadOnlyList<Field> Inputs { get; } = [new Field("x", DataType.Float32, 3) { ChannelAxis = 0 }, new Field("n", DataType.Int64)];

    public override TargetKind TargetKind => TargetKind.Class;

    public override Field Target { get; } = new("class", DataType.Int64);

    public override IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, classes).Select(i => $"c{i}")];

    public override int ClassOf(int index) => index % classes;

    public override int GroupOf(int index) => group?.Invoke(index) ?? -1;

    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        if (index == FailsAt)
        {
            throw new DataException($"sample {index} is damaged");
        }
        int value = content?.Invoke(index) ?? index;
        Span<float> x = slots.Input<float>();
        (x[0], x[1], x[2]) = (value, 2 * value, 5);
        slots.Input<long>(1)[0] = value;
        slots.Target<long>()[0] = ClassOf(index);
    }
}
