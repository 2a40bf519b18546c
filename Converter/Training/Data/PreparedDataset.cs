using System.Buffers;
using Edge.Foundation;
using Edge.Packages;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>A data set whose first input is augmented and then normalised, by whoever reads it: a worker thread of a loader.</summary>
internal sealed class PreparedDataset : Dataset
{
    private readonly Dataset _source;
    private readonly Normalization? _normalization;
    private readonly IReadOnlyList<IAugmentation> _augmentations;

    public PreparedDataset(Dataset source, Normalization? normalization, IReadOnlyList<IAugmentation> augmentations)
    {
        Field input = source.Inputs[0];
        if (normalization is not null && (input.Type != DataType.Float32 || normalization.Channels != input.Channels))
        {
            throw new DataException($"{source.Name}: a normalisation for {normalization.Channels} channels does not fit {input} with {input.Channels}");
        }
        foreach (IAugmentation augmentation in augmentations)
        {
            augmentation.Check(input);
        }
        _source = source;
        _normalization = normalization;
        _augmentations = augmentations;
    }

    public override string Name => _source.Name;

    public override int Count => _source.Count;

    public override IReadOnlyList<Field> Inputs => _source.Inputs;

    public override TargetKind TargetKind => _source.TargetKind;

    public override Field? Target => _source.Target;

    public override IReadOnlyList<string> ClassNames => _source.ClassNames;

    public override IReadOnlyList<string> CohortNames => _source.CohortNames;

    public override int ClassOf(int index) => _source.ClassOf(index);

    public override int GroupOf(int index) => _source.GroupOf(index);

    public override int CohortOf(int index) => _source.CohortOf(index);

    public override string? TextOf(int index) => _source.TextOf(index);

    public override UInt128 ContentHash(int index) => _source.ContentHash(index);

    public override UInt128 TargetHash(int index) => _source.TargetHash(index);

    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        _source.Read(index, slots, ref random);
        Field input = Inputs[0];
        if (_augmentations.Count > 0)
        {
            byte[] scratch = ArrayPool<byte>.Shared.Rent(input.Bytes);
            var sample = new AugmentedSample(input, slots.Input<byte>(), scratch.AsSpan(0, input.Bytes));
            for (int i = 0; i < _augmentations.Count; i++)
            {
                _augmentations[i].Apply(sample, ref random);
            }
            ArrayPool<byte>.Shared.Return(scratch);
        }
        if (_normalization is not null)
        {
            ChannelScale.Apply(slots.Input<float>(), input, _normalization);
        }
    }

    public override Dataset WithoutAugmentation() => _augmentations.Count == 0 ? this : new PreparedDataset(_source.WithoutAugmentation(), _normalization, []);
}
