namespace Edge.Judging.Explaining;

/// <summary>
/// What a model loses when a part of its input is covered (Zeiler and Fergus, "Visualizing and understanding convolutional
/// networks", 2014). It needs nothing but the model's answers, so it works for every model and engine.
/// </summary>
public static class Occlusion
{
    /// <summary>Covers a window at every place of a picture.</summary>
    /// <param name="levels">The picture, [C,H,W].</param>
    /// <param name="size">Its size.</param>
    /// <param name="window">Rows and columns that are covered at once.</param>
    /// <param name="stride">How far the window moves.</param>
    /// <param name="fill">The level that covers.</param>
    /// <param name="score">The score of the class in question for each of several pictures [n,C,H,W].</param>
    /// <param name="batch">How many covered pictures are asked about at once.</param>
    /// <returns>At each place the mean loss of score over the windows that covered it: positive where the picture speaks for the class.</returns>
    public static HeatMap Map(ReadOnlySpan<float> levels, PictureSize size, int window, int stride, float fill, Func<float[], int, float[]> score, int batch = 64)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, stride);
        float[] picture = levels.ToArray();
        float whole = score(picture, 1)[0];
        List<(int Row, int Column)> places = Places(size, window, stride);
        float[] sums = new float[size.Plane];
        int[] counts = new int[size.Plane];
        for (int start = 0; start < places.Count; start += batch)
        {
            int taken = Math.Min(batch, places.Count - start);
            float[] covered = new float[taken * size.Length];
            for (int i = 0; i < taken; i++)
            {
                Span<float> copy = covered.AsSpan(i * size.Length, size.Length);
                picture.CopyTo(copy);
                Cover(copy, size, places[start + i], window, fill);
            }
            float[] scores = score(covered, taken);
            for (int i = 0; i < taken; i++)
            {
                Spread(sums, counts, size, places[start + i], window, whole - scores[i]);
            }
        }
        for (int place = 0; place < sums.Length; place++)
        {
            sums[place] /= counts[place];
        }
        return new HeatMap(sums, size.Height, size.Width);
    }

    // Every pixel is covered at least once: the last window of a row or column is moved back to the edge.
    private static List<(int Row, int Column)> Places(PictureSize size, int window, int stride)
    {
        var places = new List<(int Row, int Column)>();
        foreach (int row in Starts(size.Height, window, stride))
        {
            foreach (int column in Starts(size.Width, window, stride))
            {
                places.Add((row, column));
            }
        }
        return places;
    }

    private static IEnumerable<int> Starts(int length, int window, int stride)
    {
        int last = Math.Max(0, length - window);
        for (int start = 0; start < last; start += stride)
        {
            yield return start;
        }
        yield return last;
    }

    private static void Cover(Span<float> picture, PictureSize size, (int Row, int Column) place, int window, float fill)
    {
        int width = Math.Min(window, size.Width - place.Column);
        for (int channel = 0; channel < size.Channels; channel++)
        {
            for (int y = place.Row; y < Math.Min(place.Row + window, size.Height); y++)
            {
                picture.Slice((channel * size.Plane) + (y * size.Width) + place.Column, width).Fill(fill);
            }
        }
    }

    private static void Spread(float[] sums, int[] counts, PictureSize size, (int Row, int Column) place, int window, float loss)
    {
        for (int y = place.Row; y < Math.Min(place.Row + window, size.Height); y++)
        {
            for (int x = place.Column; x < Math.Min(place.Column + window, size.Width); x++)
            {
                sums[(y * size.Width) + x] += loss;
                counts[(y * size.Width) + x]++;
            }
        }
    }
}
