using System.Diagnostics;
using Edge.Graph.Inference;

namespace Edge.Graph.Tests.Inference;

/// <summary>Damaged models: each ends in a result or in one exception that says what is wrong.</summary>
public sealed class MutatedModelTests(ITestOutputHelper output)
{
    [Fact]
    public void VerifyAndRun_DamagedSuiteModels_NeverCrash()
    {
        const int Seed = 20240611;
        int rounds = int.TryParse(Environment.GetEnvironmentVariable("EDGE_FUZZ_ROUNDS"), out int wanted) ? wanted : 6_000;
        var random = new Random(Seed);
        IReadOnlyList<SuiteCase> cases = NodeSuite.Read();
        int refused = 0;
        int inferred = 0;
        TimeSpan slowest = TimeSpan.Zero;
        for (int round = 0; round < rounds; round++)
        {
            SuiteCase item = cases[random.Next(cases.Count)];
            byte[] bytes = [.. item.Model];
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                int position = random.Next(bytes.Length);
                bytes[position] = random.Next(4) switch { 0 => (byte)random.Next(256), 1 => (byte)(bytes[position] + 1), 2 => (byte)(bytes[position] - 1), _ => (byte)(bytes[position] ^ (1 << random.Next(8))) };
            }
            long start = Stopwatch.GetTimestamp();
            try
            {
                OnnxModel model = OnnxModel.Parse(bytes, item.Name);
                _ = ModelVerifier.Verify(model);
                if (random.Next(3) == 0)
                {
                    foreach (Value input in model.Graph.Inputs.ToArray())
                    {
                        Constrain(model, input, random);
                    }
                }
                _ = ShapeInference.Run(model);
                _ = ModelVerifier.Verify(model);
                inferred++;
            }
            catch (ModelFormatException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, round {round}, {item.Name}: {e}");
            }
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            slowest = time > slowest ? time : slowest;
        }
        output.WriteLine($"{rounds} damaged models (seed {Seed}): {inferred} inferred, {refused} refused, slowest {slowest.TotalMilliseconds:F0} ms");
        Assert.True(inferred > rounds / 10 && refused > rounds / 10);
    }

    // Whole numbers of any size where the model expects axes, sizes and counts.
    private static void Constrain(OnnxModel model, Value input, Random random)
    {
        if (input.Type is not TensorType { Element: ElementType.Int64, Shape: { } shape } || shape.Rank > 1 || input.Constant is not null)
        {
            return;
        }
        long length = shape.Rank == 0 ? 1 : Math.Clamp(shape[0].Size ?? 2, 0, 8);
        long[] data = new long[length];
        for (int index = 0; index < data.Length; index++)
        {
            data[index] = random.Next(6) switch { 0 => long.MaxValue, 1 => long.MinValue, 2 => random.NextInt64(), 3 => -1, 4 => 0, _ => random.Next(-4, 9) };
        }
        model.Graph.SetConstant(input, OnnxTensor.From<long>(data, shape.Rank == 0 ? [] : [length]));
    }
}
