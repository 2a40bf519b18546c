using Edge.Training.Detection;

namespace Edge.Training.Tests.Detection;

/// <summary>Assignments that can be followed by hand, on a picture of 32×32: 16 cells of stride 8, 4 of 16, 1 of 32.</summary>
public sealed class SimOtaTests
{
    private const int Cells = 21;
    private const int Width = 7;

    [Fact]
    public void Assign_OneGoodCell_GetsTheBox()
    {
        float[] output = Output();
        // The cell at column 1, row 1 of stride 8 has exactly the box 8…16; no other overlaps it much.
        Put(output, 5, 0.5f, 0.5f, 0, 0, 0.9f, 0.9f, 0.1f);
        Assert.Equal([new Assignment(5, 0, 1)], Assign(output, new BoxTarget(0, new PixelEdges(8, 8, 16, 16))));
    }

    [Fact]
    public void Assign_OverlapsAddUpToTwo_GivesTwoCells()
    {
        float[] output = Output();
        Put(output, 5, 0.5f, 0.5f, 0, 0, 0.9f, 0.9f, 0.1f);
        // The neighbour to the right reaches back to the same box.
        Put(output, 6, -0.5f, 0.5f, 0, 0, 0.9f, 0.9f, 0.1f);
        Assert.Equal([new Assignment(5, 0, 1), new Assignment(6, 0, 1)], Assign(output, new BoxTarget(0, new PixelEdges(8, 8, 16, 16))));
    }

    [Fact]
    public void Assign_TwoCellsOverlapAlike_TakesTheOneOfTheRightClass()
    {
        float[] output = Output();
        Put(output, 5, 0.5f, 0.5f, 0, -0.7f, 0.9f, 0.1f, 0.9f);
        Put(output, 6, -0.5f, 0.5f, 0, -0.7f, 0.9f, 0.9f, 0.1f);
        Assignment only = Assert.Single(Assign(output, new BoxTarget(0, new PixelEdges(8, 8, 16, 16))));
        Assert.Equal(6, only.Cell);
        Assert.Equal(MathF.Exp(-0.7f), only.Overlap, 1e-5);
    }

    [Fact]
    public void Assign_TwoBoxesWantOneCell_ItGoesToTheCheaper()
    {
        float[] output = Output();
        Put(output, 5, 0.5f, 0.5f, 0, 0, 0.9f, 0.9f, 0.1f);
        List<Assignment> found = Assign(output, new BoxTarget(0, new PixelEdges(8, 8, 16, 19)), new BoxTarget(0, new PixelEdges(8, 8, 16, 16)));
        Assert.Contains(new Assignment(5, 1, 1), found);
        Assert.DoesNotContain(found, item => item.Cell == 5 && item.Truth == 0);
    }

    [Fact]
    public void Assign_CellsFarFromTheCentre_AreNoCandidates()
    {
        float[] output = Output();
        // It has the box exactly, but lies two cells from its centre.
        Put(output, 7, -1.5f, 0.5f, 0, 0, 0.9f, 0.9f, 0.1f);
        Assert.DoesNotContain(Assign(output, new BoxTarget(0, new PixelEdges(8, 8, 16, 16))), item => item.Cell == 7);
    }

    [Fact]
    public void Assign_NumbersThatRanAway_StillGivesEveryBoxACell()
    {
        float[] output = Output();
        Array.Fill(output, float.NaN);
        Assert.Single(Assign(output, new BoxTarget(1, new PixelEdges(8, 8, 16, 16))));
        Array.Fill(output, float.PositiveInfinity);
        Assert.Single(Assign(output, new BoxTarget(1, new PixelEdges(8, 8, 16, 16))));
    }

    [Fact]
    public void Assign_NoBox_GivesNothing() => Assert.Empty(Assign(Output()));

    [Fact]
    public void Of_OutputOfFourLevels_FindsTheGrid()
    {
        DetectionGrid grid = DetectionGrid.Of(64, 128, (8 * 16) + (4 * 8) + (2 * 4) + 2);
        Assert.Equal((170, 64f, 1f), (grid.Count, grid.Strides[^1], grid.Rows[^1]));
    }

    private static List<Assignment> Assign(float[] output, params BoxTarget[] truth)
    {
        var result = new List<Assignment>();
        new SimOta(DetectionGrid.Of(32, 32, Cells)).Assign(output, truth, result);
        return result;
    }

    // Boxes of no size: they overlap nothing.
    private static float[] Output()
    {
        float[] output = new float[Cells * Width];
        for (int cell = 0; cell < Cells; cell++)
        {
            Put(output, cell, 0.5f, 0.5f, -9, -9, 0.01f, 0.01f, 0.01f);
        }
        return output;
    }

    private static void Put(float[] output, int cell, params float[] values) => values.CopyTo(output, cell * Width);
}
