namespace Edge.Training.Detection;

/// <summary>The cells of an anchor-free detector: those of stride 8 row by row, then those of stride 16, of 32 and, where there are more, of 64.</summary>
internal sealed class DetectionGrid
{
    private const int FirstStride = 8;
    private const int MostLevels = 4;

    private DetectionGrid(int width, int height, int levels)
    {
        int count = 0;
        for (int level = 0; level < levels; level++)
        {
            count += (width / (FirstStride << level)) * (height / (FirstStride << level));
        }
        (Width, Height) = (width, height);
        (Columns, Rows, Strides) = (new float[count], new float[count], new float[count]);
        int cell = 0;
        for (int level = 0; level < levels; level++)
        {
            int stride = FirstStride << level;
            for (int y = 0; y < height / stride; y++)
            {
                for (int x = 0; x < width / stride; x++, cell++)
                {
                    (Columns[cell], Rows[cell], Strides[cell]) = (x, y, stride);
                }
            }
        }
    }

    /// <summary>Columns of the input, in pixels.</summary>
    public int Width { get; }

    /// <summary>Rows of the input, in pixels.</summary>
    public int Height { get; }

    /// <summary>How many cells there are.</summary>
    public int Count => Strides.Length;

    /// <summary>The column of each cell within its level.</summary>
    public float[] Columns { get; }

    /// <summary>The row of each cell within its level.</summary>
    public float[] Rows { get; }

    /// <summary>The side of each cell in pixels of the input.</summary>
    public float[] Strides { get; }

    /// <summary>The grid of a model's output.</summary>
    /// <param name="width">Columns of the input, in pixels.</param>
    /// <param name="height">Rows of the input, in pixels.</param>
    /// <param name="cells">How many cells the output has.</param>
    /// <exception cref="TrainingException">An input of this size has another number of cells.</exception>
    public static DetectionGrid Of(int width, int height, long cells)
    {
        for (int levels = 1; levels <= MostLevels; levels++)
        {
            var grid = new DetectionGrid(width, height, levels);
            if (grid.Count == cells)
            {
                return grid;
            }
        }
        throw new TrainingException($"the output has {cells} cells, but an input of {width}×{height} has {new DetectionGrid(width, height, 3).Count} at strides 8, 16 and 32; train detectors whose output is YOLOX's, such as edgedet-n");
    }

    /// <summary>A predicted box in pixels of the input.</summary>
    /// <param name="cell">Whose.</param>
    /// <param name="prediction">Centre and size in cells, the size as a logarithm.</param>
    public PixelEdges Decode(int cell, ReadOnlySpan<float> prediction)
    {
        float stride = Strides[cell];
        float x = (prediction[0] + Columns[cell]) * stride, y = (prediction[1] + Rows[cell]) * stride;
        float halfWidth = Size(prediction[2]) * stride / 2, halfHeight = Size(prediction[3]) * stride / 2;
        return new PixelEdges(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
    }

    /// <summary>The largest logarithm of a size; beyond it, sizes stay.</summary>
    internal const float LargestLogarithm = 6;

    private static float Size(float logarithm) => MathF.Exp(Math.Min(logarithm, LargestLogarithm));
}
