using Edge.Foundation;
using Edge.Testing;

namespace Edge.Inference.Tests.Tracking;

public sealed class LinearAssignmentTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(2, 6)]
    [InlineData(6, 2)]
    [InlineData(5, 5)]
    public void Solve_RandomCosts_IsAsCheapAsTheCheapestOfAll(int rows, int columns)
    {
        var random = new SplitMix64((ulong)((rows * 10) + columns));
        var assignment = new LinearAssignment();
        for (int round = 0; round < 200; round++)
        {
            // Few distinct values, so that ties are common.
            float[] costs = [.. Enumerable.Range(0, rows * columns).Select(_ => random.Below(6) / 5f)];
            ReadOnlySpan<int> assigned = assignment.Solve(costs, rows, columns, 0.7f);
            double found = 0;
            var used = new HashSet<int>();
            for (int row = 0; row < rows; row++)
            {
                if (assigned[row] >= 0)
                {
                    Assert.True(used.Add(assigned[row]));
                    Assert.True(costs[(row * columns) + assigned[row]] < 0.7f);
                    found += costs[(row * columns) + assigned[row]] - 0.7f;
                }
            }
            Assert.Equal(Cheapest(costs, 0, columns, 0, 0.7f), found, 1e-5);
        }
    }

    [Fact]
    public void Solve_NothingToAssign_AssignsNothing()
    {
        var assignment = new LinearAssignment();
        Assert.Equal(0, assignment.Solve([], 0, 5, 1).Length);
        Assert.Equal([-1, -1], assignment.Solve([], 2, 0, 1).ToArray());
        Assert.Equal([-1, -1], assignment.Solve([1, float.NaN], 2, 1, 1).ToArray());
        Assert.Throws<ArgumentException>(() => assignment.Solve([1], 1, 2, 1).Length);
    }

    [Fact]
    public void Solve_SizeSeenBefore_AllocatesNothing()
    {
        var assignment = new LinearAssignment();
        var random = new SplitMix64(1);
        float[] costs = [.. Enumerable.Range(0, 50 * 50).Select(_ => (float)random.NextDouble())];
        assignment.Solve(costs, 50, 50, 1);
        Assert.Equal(0, Allocations.Of(() => assignment.Solve(costs, 50, 50, 1)));
    }

    private static double Cheapest(float[] costs, int row, int columns, int used, float limit)
    {
        if (row * columns == costs.Length)
        {
            return 0;
        }
        double best = Cheapest(costs, row + 1, columns, used, limit);
        for (int column = 0; column < columns; column++)
        {
            float cost = costs[(row * columns) + column];
            if ((used & (1 << column)) == 0 && cost < limit)
            {
                best = Math.Min(best, cost - limit + Cheapest(costs, row + 1, columns, used | (1 << column), limit));
            }
        }
        return best;
    }
}
