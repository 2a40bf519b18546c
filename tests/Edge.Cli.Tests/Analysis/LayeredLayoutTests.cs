using Edge.Reports.Graphs;

namespace Edge.Cli.Tests.Analysis;

/// <summary>Where the nodes of a drawing stand.</summary>
public sealed class LayeredLayoutTests
{
    [Fact]
    public void Compute_Chain_StandsStraightBelowEachOther()
    {
        LayeredLayout layout = Layout(5, [(0, 1), (1, 2), (2, 3), (3, 4)]);
        Assert.All(layout.X, x => Assert.Equal(layout.X[0], x, 3));
        Assert.Equal(layout.Y.Order(), layout.Y);
        Assert.All(layout.Paths, path => Assert.Equal(4, path.Count));
    }

    [Fact]
    public void Compute_Ladder_HasNoCrossing()
    {
        // Two chains whose nodes are listed crosswise.
        (int, int)[] edges = [(0, 3), (1, 2), (2, 5), (3, 4), (4, 7), (5, 6)];
        LayeredLayout layout = Layout(8, edges);
        Assert.Equal(layout.X[0] < layout.X[1], layout.X[3] < layout.X[2]);
        Assert.Equal(layout.X[3] < layout.X[2], layout.X[4] < layout.X[5]);
    }

    [Fact]
    public void Compute_Circle_DrawsEveryEdge()
    {
        LayeredLayout layout = Layout(3, [(0, 1), (1, 2), (2, 0), (1, 1)]);
        Assert.Equal(4, layout.Paths.Count);
        Assert.Equal(3, layout.Y.Distinct().Count());
        // The edge that closes the circle begins at its own node.
        Assert.Equal(layout.X[2], layout.Paths[2][0], 3);
        Assert.Equal(layout.X[0], layout.Paths[2][^2], 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(2000)]
    public void Compute_RandomGraph_KeepsNodesApartAndEdgesDownwards(int count)
    {
        var random = new Random(count);
        var edges = new List<(int From, int To)>();
        for (int to = 1; to < count; to++)
        {
            edges.Add((Math.Max(0, to - random.Next(1, 6)), to));
            if (random.Next(3) == 0)
            {
                edges.Add((random.Next(to), to));
            }
        }
        double[] widths = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(60, 200))];
        double[] heights = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(28, 43))];
        LayeredLayout layout = LayeredLayout.Compute(widths, heights, edges);
        Assert.All(edges, edge => Assert.True(layout.Y[edge.From] + heights[edge.From] < layout.Y[edge.To], "an edge leads upwards"));
        Assert.All(Enumerable.Range(0, count), node => Assert.InRange(layout.X[node], widths[node] / 2 - 0.001, layout.Width - (widths[node] / 2) + 0.001));
        for (int a = 0; a < count; a++)
        {
            for (int b = a + 1; b < count; b++)
            {
                bool areApart = Math.Abs(layout.X[a] - layout.X[b]) >= ((widths[a] + widths[b]) / 2) - 0.001
                    || layout.Y[a] + heights[a] <= layout.Y[b] || layout.Y[b] + heights[b] <= layout.Y[a];
                Assert.True(areApart, $"nodes {a} and {b} overlap");
            }
        }
    }

    [Fact]
    public void Compute_ChainThatNoAnchorLeadsTo_SinksToItsReader()
    {
        // 0 → 1 → 2 → 3 → 4 from the anchor, and 5 → 6 → 4 beside it.
        (int, int)[] edges = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (6, 4)];
        LayeredLayout layout = LayeredLayout.Compute([.. Enumerable.Repeat(80.0, 7)], [.. Enumerable.Repeat(30.0, 7)], edges, new HashSet<int> { 0 });
        Assert.Equal(layout.Y[3], layout.Y[6]);
        Assert.Equal(layout.Y[2], layout.Y[5]);
    }

    [Fact]
    public void Compute_NothingToDraw_IsEmpty()
    {
        LayeredLayout layout = Layout(0, []);
        Assert.Empty(layout.X);
        Assert.Equal(0, layout.Height);
    }

    private static LayeredLayout Layout(int count, (int, int)[] edges) =>
        LayeredLayout.Compute([.. Enumerable.Repeat(80.0, count)], [.. Enumerable.Repeat(30.0, count)], edges);
}
