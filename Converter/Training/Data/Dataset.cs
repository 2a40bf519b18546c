using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>
/// Samples by number. A sample has one or more inputs and a target, each of a fixed shape; <see cref="Read"/> writes them
/// straight into the memory of a batch. Everything here may be called by several threads at once.
/// </summary>
public abstract class Dataset
{
    /// <summary>What messages and reports call it.</summary>
    public abstract string Name { get; }

    /// <summary>How many samples.</summary>
    public abstract int Count { get; }

    /// <summary>The inputs of a sample, at least one.</summary>
    public abstract IReadOnlyList<Field> Inputs { get; }

    /// <summary>What the model is asked for.</summary>
    public abstract TargetKind TargetKind { get; }

    /// <summary>The target's field: an int64 number for a class, float32 otherwise; null for <see cref="TargetKind.Input"/>.</summary>
    public abstract Field? Target { get; }

    /// <summary>The name of each class, or of each element of a vector of values; empty where there are none.</summary>
    public virtual IReadOnlyList<string> ClassNames => [];

    /// <summary>Names of the sorts of samples whose results are compared for fairness; empty where nobody asked.</summary>
    public virtual IReadOnlyList<string> CohortNames => [];

    /// <summary>The class of a sample; −1 where it has none.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public virtual int ClassOf(int index) => -1;

    /// <summary>
    /// What a sample belongs to (a recording, a person): samples with the same number always end in the same part of a split.
    /// −1 where it belongs to nothing.
    /// </summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public virtual int GroupOf(int index) => -1;

    /// <summary>Which of <see cref="CohortNames"/> a sample is of; −1 where none.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public virtual int CohortOf(int index) => -1;

    /// <summary>The text that a sample is made of; null where it is none.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public virtual string? TextOf(int index) => null;

    /// <summary>Writes a sample.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <param name="slots">Where to; every element of every field is written.</param>
    /// <param name="random">The only source of chance: the same state gives the same sample, whoever reads it and when.</param>
    /// <exception cref="DataException">The sample's file is missing or damaged.</exception>
    public abstract void Read(int index, SampleSlots slots, ref SplitMix64 random);

    /// <summary>A number that samples of the same content share, whatever their targets; it costs a read at most.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public virtual UInt128 ContentHash(int index)
    {
        var buffer = new SampleBuffer(this);
        buffer.Read(index);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < Inputs.Count; i++)
        {
            hash.AppendData(buffer.Input<byte>(i));
        }
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>A number that samples share of which the model is asked the same, where that is no class; it costs a read at most.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public virtual UInt128 TargetHash(int index)
    {
        if (Target is null)
        {
            return 0;
        }
        var buffer = new SampleBuffer(this);
        buffer.Read(index);
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(buffer.Target<byte>()));
    }

    /// <summary>The same samples as they are, for judging: no augmentation.</summary>
    public virtual Dataset WithoutAugmentation() => this;

    /// <summary>Some of the samples, in the given order.</summary>
    /// <param name="indices">Which; kept, not copied.</param>
    public virtual Dataset Part(int[] indices) => new Subset(this, indices);

    /// <summary>The first samples only.</summary>
    /// <param name="count">At most how many; 1 or more.</param>
    public Dataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var indices = new int[Math.Min(count, Count)];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = i;
        }
        return Part(indices);
    }

    /// <summary>
    /// Parts without a common sample, chosen by the seed. Samples of one group, and samples of the same content, stay on one
    /// side. Only the training part is augmented.
    /// </summary>
    /// <param name="validation">The share to validate with, from 0.</param>
    /// <param name="test">The share to test with, from 0; both together less than 1.</param>
    /// <param name="seed">The same seed gives the same parts.</param>
    /// <param name="stratified">Whether each class is cut in the same proportion.</param>
    /// <exception cref="DataException">There are too few samples that do not belong together.</exception>
    public DatasetSplit Split(double validation, double test, ulong seed, bool stratified = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(validation);
        ArgumentOutOfRangeException.ThrowIfNegative(test);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(validation + test, 1);
        if (validation + test == 0)
        {
            return new DatasetSplit(this, null, null);
        }
        int[][] parts = new Splitter(this, stratified).Cut([1 - validation - test, validation, test], seed);
        Dataset plain = WithoutAugmentation();
        return new DatasetSplit(
            Part(parts[0]), validation > 0 ? plain.Part(parts[1]) : null, test > 0 ? plain.Part(parts[2]) : null);
    }

    /// <summary>Cross-validation: every sample is validated with exactly once.</summary>
    /// <param name="folds">How often the set is cut; 2 or more.</param>
    /// <param name="seed">The same seed gives the same folds.</param>
    /// <param name="stratified">Whether each class is cut in the same proportion.</param>
    /// <returns>For each fold what to train and what to validate with.</returns>
    /// <exception cref="DataException">There are too few samples that do not belong together.</exception>
    public IReadOnlyList<DatasetSplit> KFold(int folds, ulong seed, bool stratified = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var shares = new double[folds];
        Array.Fill(shares, 1.0 / folds);
        int[][] parts = new Splitter(this, stratified).Cut(shares, seed);
        Dataset plain = WithoutAugmentation();
        var result = new List<DatasetSplit>();
        for (int fold = 0; fold < folds; fold++)
        {
            var rest = new List<int>();
            for (int other = 0; other < folds; other++)
            {
                rest.AddRange(other == fold ? [] : parts[other]);
            }
            rest.Sort();
            result.Add(new DatasetSplit(Part([.. rest]), plain.Part(parts[fold]), null));
        }
        return result;
    }

    /// <summary>The set as a model wants it: each channel of the first input scaled, and augmented before that.</summary>
    /// <param name="normalization">The scale of each channel of the first input; null leaves it.</param>
    /// <param name="augmentations">What happens to the first input, in this order.</param>
    /// <exception cref="DataException">Channels or element types do not fit.</exception>
    public Dataset Prepare(Packages.Normalization? normalization, params IReadOnlyList<IAugmentation> augmentations) =>
        new PreparedDataset(this, normalization, augmentations);

    /// <summary>Bytes of a sample in each field, inputs first.</summary>
    internal int[] FieldBytes()
    {
        var bytes = new int[Inputs.Count + (Target is null ? 0 : 1)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = i < Inputs.Count ? Inputs[i].Bytes : Target!.Bytes;
        }
        return bytes;
    }
}
