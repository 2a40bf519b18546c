using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Some samples of a data set, in an order of their own.</summary>
internal sealed class Subset : Dataset
{
    private readonly Dataset _whole;
    private readonly int[] _indices;

    public Subset(Dataset whole, int[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        foreach (int index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, whole.Count, nameof(indices));
        }
        _whole = whole;
        _indices = indices;
    }

    public override string Name => _whole.Name;

    public override int Count => _indices.Length;

    public override IReadOnlyList<Field> Inputs => _whole.Inputs;

    public override TargetKind TargetKind => _whole.TargetKind;

    public override Field? Target => _whole.Target;

    public override IReadOnlyList<string> ClassNames => _whole.ClassNames;

    public override IReadOnlyList<string> CohortNames => _whole.CohortNames;

    public override int ClassOf(int index) => _whole.ClassOf(_indices[index]);

    public override int GroupOf(int index) => _whole.GroupOf(_indices[index]);

    public override int CohortOf(int index) => _whole.CohortOf(_indices[index]);

    public override string? TextOf(int index) => _whole.TextOf(_indices[index]);

    public override UInt128 ContentHash(int index) => _whole.ContentHash(_indices[index]);

    public override UInt128 TargetHash(int index) => _whole.TargetHash(_indices[index]);

    public override void Read(int index, SampleSlots slots, ref SplitMix64 random) => _whole.Read(_indices[index], slots, ref random);

    public override Dataset WithoutAugmentation()
    {
        Dataset plain = _whole.WithoutAugmentation();
        return ReferenceEquals(plain, _whole) ? this : new Subset(plain, _indices);
    }
}
