using Edge.Conformance;
using Edge.Conformance.Suite;

namespace Edge.Fuzz;

/// <summary>The models that mutations start from: those of the node suite, the real ones, and our own.</summary>
public sealed class Corpus
{
    // Real models are mostly weights, in which a mutation meets nothing; they come up rarely.
    private const int RealModelOneIn = 200;

    private readonly byte[][] _small;
    private readonly byte[][] _real;

    private Corpus(byte[][] small, byte[][] real)
    {
        _small = small;
        _real = real;
    }

    /// <summary>How many models there are.</summary>
    public int Count => _small.Length + _real.Length;

    /// <summary>Reads what there is.</summary>
    public static Corpus Load()
    {
        List<byte[]> small = [.. OwnModels.All()];
        byte[][] real = [];
        if (SharedFolder.Path is { } shared)
        {
            small.AddRange(NodeSuite.Read(shared).Select(item => item.Model));
            real = [.. Directory.EnumerateFiles(Path.Combine(shared, "models"), "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        }
        return new Corpus([.. small], real);
    }

    /// <summary>One of them.</summary>
    /// <param name="random">Which.</param>
    public byte[] Pick(Random random) => _real.Length > 0 && random.Next(RealModelOneIn) == 0
        ? _real[random.Next(_real.Length)]
        : _small[random.Next(_small.Length)];
}
