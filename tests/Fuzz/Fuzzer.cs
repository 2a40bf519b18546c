using System.Diagnostics;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Inference;
using Edge.Testing;

namespace Edge.Fuzz;

/// <summary>Makes hostile files, gives them to the reader, the verifier and inference, and watches time and memory.</summary>
/// <param name="corpus">What mutations start from.</param>
/// <param name="seed">Where the random numbers start; a case hangs on the seed and its number only.</param>
public sealed class Fuzzer(Corpus corpus, ulong seed)
{
    /// <summary>What a case may take beyond its share: the most that lives at one moment, not what is allocated in turn.</summary>
    public const long AllowedAnyway = 64L << 20;

    /// <summary>What a case may take for each byte of its file.</summary>
    public const long AllowedPerByte = 8;

    /// <summary>How long a case may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // The largest number that the format can write, and the heads of fields that a model has.
    private static readonly ByteMutator Damage = new([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x0a], [0x12], [0x3a], [0x42]);

    /// <summary>Makes a case.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="kind">What was done.</param>
    public byte[] Make(int number, out string kind)
    {
        var random = new Random((int)SplitMix64.Mix(seed, (ulong)number));
        switch (random.Next(100))
        {
            case < 44:
                kind = "damaged bytes";
                return Damage.Mutate(corpus.Pick(random), random, corpus.Pick(random));
            case < 89:
                kind = "damaged structure";
                return StructureMutator.Mutate(corpus.Pick(random), random);
            case < 98:
                kind = "random bytes";
                return Noise(random);
            default:
                kind = "bomb";
                return Bombs.Make(random);
        }
    }

    /// <summary>Runs a case.</summary>
    /// <param name="number">Its number.</param>
    public FuzzResult Run(int number)
    {
        byte[] bytes = Make(number, out string kind);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        string stage = "load";
        string? failure = null;
        try
        {
            OnnxModel model = OnnxModel.Parse(bytes);
            stage = "verify";
            bool isValid = ModelVerifier.Verify(model).Count == 0;
            stage = isValid ? "infer" : "infer although not valid";
            _ = ShapeInference.Run(model);
            stage = isValid ? "valid" : "not valid";
        }
        catch (ModelFormatException e)
        {
            failure = e.Message.Contains('\n', StringComparison.Ordinal) ? $"the message has several lines: {e.Message}" : null;
            stage += " refused";
        }
        // Anything else is what this program looks for.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = $"{e.GetType().Name}: {e.Message} {string.Join(" < ", (e.StackTrace ?? "").Split('\n').Take(4).Select(line => line.Trim()))}";
        }
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (failure is null && time > Patience)
        {
            failure = $"took {time.TotalSeconds:F1} s";
        }
        // What was allocated in all is never less than what lived; only where that is too much, a bounded heap decides.
        if (failure is null && allocated + bytes.Length > BoundedHeap.Of(bytes.Length))
        {
            failure = BoundedHeap.Try(bytes);
        }
        return new FuzzResult(number, kind, bytes.Length, stage, time, allocated, failure);
    }

    private static byte[] Noise(Random random)
    {
        byte[] bytes = new byte[random.Next(2_000)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0 && bytes.Length > 4)
        {
            // Begins as a model does, so that the parser goes on.
            new byte[] { 0x08, 0x08, 0x3a, 0x7f }.CopyTo(bytes, 0);
        }
        return bytes;
    }
}
