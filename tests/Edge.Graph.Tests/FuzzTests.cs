using Edge.Fuzz;

namespace Edge.Graph.Tests;

public sealed class FuzzTests
{
    private const int Cases = 3_000;

    [Fact]
    public void Run_DamagedModels_EachEndsInTimeInBoundsAndWithOneError()
    {
        ulong seed = (ulong)Random.Shared.NextInt64();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var fuzzer = new Fuzzer(Corpus.Load(), seed);
        int refused = 0;
        for (int number = 0; number < Cases; number++)
        {
            FuzzResult result = fuzzer.Run(number);
            // The time limit is the fuzz program's: a busy machine is no error.
            bool isError = result.Failure is not null && !result.Failure.StartsWith("took", StringComparison.Ordinal);
            Assert.False(isError, $"seed {seed}, case {number} ({result.Kind}, {result.Bytes} bytes): {result.Failure}");
            refused += result.Stage.EndsWith("refused", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.InRange(refused, Cases / 10, Cases - (Cases / 10));
    }
}
