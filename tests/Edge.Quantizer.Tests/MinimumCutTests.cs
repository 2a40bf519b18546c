using Edge.Quantizer.Speed;

namespace Edge.Quantizer.Tests;

public sealed class MinimumCutTests
{
    [Fact]
    public void Solve_SmallRandomProblems_IsAsCheapAsTheBestOfAll()
    {
        var random = new Random(7);
        for (int attempt = 0; attempt < 200; attempt++)
        {
            int items = random.Next(1, 9);
            (double First, double Second)[] costs = [.. Enumerable.Range(0, items).Select(_ => (random.NextDouble(), random.NextDouble()))];
            (int One, int Other, double Cost)[] edges = [.. Enumerable.Range(0, items * 2).Select(_ => (random.Next(items), random.Next(items), random.NextDouble() / 3)).Where(edge => edge.Item1 != edge.Item2)];
            var cut = new MinimumCut(items);
            for (int item = 0; item < items; item++)
            {
                cut.Item(item, costs[item].First, costs[item].Second);
            }
            foreach ((int one, int other, double cost) in edges)
            {
                cut.Neighbours(one, other, cost);
            }
            double least = Enumerable.Range(0, 1 << items).Min(bits => Cost([.. Enumerable.Range(0, items).Select(item => (bits >> item & 1) == 1)]));
            Assert.Equal(least, Cost(cut.Solve()), 1e-9);

            double Cost(bool[] choice) =>
                choice.Select((second, item) => second ? costs[item].Second : costs[item].First).Sum() + edges.Where(edge => choice[edge.One] != choice[edge.Other]).Sum(edge => edge.Cost);
        }
    }
}
