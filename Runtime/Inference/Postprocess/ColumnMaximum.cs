using System.Numerics;
using System.Runtime.InteropServices;

namespace Edge.Inference;

/// <summary>The largest value of each column of a matrix, and its row: the best class of every candidate of a detector that writes candidates in columns.</summary>
internal static class ColumnMaximum
{
    /// <summary>Finds them, a row at a time: the matrix is read once, in order.</summary>
    /// <param name="rows">[rows, columns] in C order; what is not a number is never the largest.</param>
    /// <param name="best">Gets the largest of each column; its length is the number of columns.</param>
    /// <param name="index">Gets its row, the lower one among equals; as long as <paramref name="best"/>.</param>
    internal static void Find(ReadOnlySpan<float> rows, Span<float> best, Span<int> index)
    {
        best.Fill(float.NegativeInfinity);
        index.Clear();
        int columns = best.Length;
        for (int row = 0; rows.Length >= columns && columns > 0; row++, rows = rows[columns..])
        {
            Merge(rows[..columns], row, best, index);
        }
    }

    private static void Merge(ReadOnlySpan<float> row, int number, Span<float> best, Span<int> index)
    {
        int done = row.Length - (row.Length % Vector<float>.Count);
        ReadOnlySpan<Vector<float>> values = MemoryMarshal.Cast<float, Vector<float>>(row);
        Span<Vector<float>> bests = MemoryMarshal.Cast<float, Vector<float>>(best);
        Span<Vector<int>> indices = MemoryMarshal.Cast<int, Vector<int>>(index);
        var numbers = new Vector<int>(number);
        for (int i = 0; i < values.Length; i++)
        {
            Vector<int> isLarger = Vector.GreaterThan(values[i], bests[i]);
            bests[i] = Vector.ConditionalSelect(isLarger, values[i], bests[i]);
            indices[i] = Vector.ConditionalSelect(isLarger, numbers, indices[i]);
        }
        for (int i = done; i < row.Length; i++)
        {
            if (row[i] > best[i])
            {
                (best[i], index[i]) = (row[i], number);
            }
        }
    }
}
