using Edge.Foundation;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Training.Tests.Data;

/// <summary>Spectrograms [49, 10, 1] of three classes: noise around a level of the class's own.</summary>
internal sealed class MadeSounds(int count) : Dataset
{
    public override string Name => "sounds";

    public override int Count => count;

    public override IReadOnlyList<Field> Inputs { get; } = [new Field("sound", DataType.Float32, 49, 10, 1)];

    public override TargetKind TargetKind => TargetKind.Class;

    public override Field Target { get; } = new Field("class", DataType.Int64);

    public override IReadOnlyList<string> ClassNames => ["low", "middle", "high"];

    public override int ClassOf(int index) => index % 3;

    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        var own = new SplitMix64((ulong)index);
        foreach (ref float value in slots.Input<float>())
        {
            value = (float)((own.NextDouble() * 10) + (40 * (index % 3)));
        }
        slots.Target<long>()[0] = ClassOf(index);
    }
}
