using Edge.Foundation;
using Edge.Training.Data;

namespace Edge.Cli.Evaluation;

/// <summary>Samples that a user gave one by one, in memory; nobody says what they are.</summary>
/// <param name="field">What each of them is.</param>
/// <param name="classes">The model's classes; empty where nobody knows them.</param>
internal sealed class GivenSamples(Field field, IReadOnlyList<string> classes) : Dataset
{
    private readonly List<(string Name, byte[] Bytes)> _samples = [];

    public override string Name => "the given samples";

    public override int Count => _samples.Count;

    public override IReadOnlyList<Field> Inputs { get; } = [field];

    public override TargetKind TargetKind => TargetKind.Input;

    public override Field? Target => null;

    public override IReadOnlyList<string> ClassNames { get; } = classes;

    public override void Read(int index, SampleSlots slots, ref SplitMix64 random) => _samples[index].Bytes.CopyTo(slots.Input<byte>());

    /// <summary>What a sample is called: its file, and its place there.</summary>
    internal string NameOf(int index) => _samples[index].Name;

    /// <summary>Adds a sample.</summary>
    internal void Add(string name, ReadOnlySpan<byte> bytes) => _samples.Add((name, bytes.ToArray()));
}
