namespace Edge.Inference;

/// <summary>
/// The cheapest assignment of rows to columns by shortest augmenting paths (Jonker and Volgenant 1987; rectangular form of
/// Crouse 2016), O(rows² · columns) at worst. It keeps its working memory, so that a call of a size seen before allocates nothing.
/// One thread at a time.
/// </summary>
public sealed class LinearAssignment
{
    private float[] _costs = [];
    private float[] _rowPotential = [];
    private float[] _columnPotential = [];
    private float[] _distance = [];
    private int[] _rowOfColumn = [];
    private int[] _columnOfRow = [];
    private int[] _previousRow = [];
    private bool[] _isDone = [];

    /// <summary>Assigns each row to at most one column so that the sum of <c>cost − limit</c> over the pairs is as low as it can be.</summary>
    /// <param name="costs">[rows, columns], row after row; one that is not a number counts as above the limit.</param>
    /// <param name="rows">How many rows; 0 or more.</param>
    /// <param name="columns">How many columns; 0 or more.</param>
    /// <param name="limit">Pairs at this cost or above are never made.</param>
    /// <returns>The column of each row, or −1; valid until the next call.</returns>
    /// <exception cref="ArgumentException">There is another number of costs.</exception>
    public ReadOnlySpan<int> Solve(ReadOnlySpan<float> costs, int rows, int columns, float limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (costs.Length != (long)rows * columns)
        {
            throw new ArgumentException($"{costs.Length} costs for {rows} rows and {columns} columns", nameof(costs));
        }
        // The algorithm wants at least as many columns as rows; a tall matrix is solved on its side.
        bool isTall = rows > columns;
        (int shortSide, int longSide) = isTall ? (columns, rows) : (rows, columns);
        Reserve(shortSide, longSide, rows);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                // Shifted by the limit and cut at 0, an unwanted pair costs nothing and is taken apart below.
                float gain = costs[(row * columns) + column] - limit;
                _costs[isTall ? (column * longSide) + row : (row * longSide) + column] = gain < 0 ? gain : 0;
            }
        }
        for (int row = 0; row < shortSide; row++)
        {
            Augment(row, longSide);
        }
        Span<int> result = _columnOfRow.AsSpan(0, rows);
        result.Fill(-1);
        for (int column = 0; column < longSide; column++)
        {
            int row = _rowOfColumn[column];
            if (row >= 0 && _costs[(row * longSide) + column] < 0)
            {
                result[isTall ? column : row] = isTall ? row : column;
            }
        }
        return result;
    }

    // Dijkstra over the residual graph from one free row to the nearest free column, then flips the pairs along the path.
    private void Augment(int freeRow, int columns)
    {
        Span<float> distance = _distance.AsSpan(0, columns);
        Span<bool> isDone = _isDone.AsSpan(0, columns);
        distance.Fill(float.PositiveInfinity);
        isDone.Clear();
        int row = freeRow;
        float reached = 0;
        int sink = -1;
        while (sink < 0)
        {
            ReadOnlySpan<float> costs = _costs.AsSpan(row * columns, columns);
            int nearest = -1;
            for (int column = 0; column < columns; column++)
            {
                if (isDone[column])
                {
                    continue;
                }
                float through = reached + costs[column] - _rowPotential[row] - _columnPotential[column];
                if (through < distance[column])
                {
                    distance[column] = through;
                    _previousRow[column] = row;
                }
                if (nearest < 0 || distance[column] < distance[nearest] || (distance[column] == distance[nearest] && _rowOfColumn[column] < 0 && _rowOfColumn[nearest] >= 0))
                {
                    nearest = column;
                }
            }
            reached = distance[nearest];
            isDone[nearest] = true;
            row = _rowOfColumn[nearest];
            sink = row < 0 ? nearest : -1;
        }
        _rowPotential[freeRow] += reached;
        for (int column = 0; column < columns; column++)
        {
            if (isDone[column] && column != sink)
            {
                _rowPotential[_rowOfColumn[column]] += reached - distance[column];
                _columnPotential[column] -= reached - distance[column];
            }
        }
        for (int column = sink, current = -1; current != freeRow;)
        {
            current = _previousRow[column];
            _rowOfColumn[column] = current;
            (_columnOfRow[current], column) = (column, _columnOfRow[current]);
        }
    }

    private void Reserve(int shortSide, int longSide, int rows)
    {
        Grow(ref _costs, shortSide * longSide);
        Grow(ref _rowPotential, shortSide);
        Grow(ref _columnPotential, longSide);
        Grow(ref _distance, longSide);
        Grow(ref _rowOfColumn, longSide);
        Grow(ref _columnOfRow, Math.Max(shortSide, rows));
        Grow(ref _previousRow, longSide);
        Grow(ref _isDone, longSide);
        _rowPotential.AsSpan(0, shortSide).Clear();
        _columnPotential.AsSpan(0, longSide).Clear();
        _rowOfColumn.AsSpan(0, longSide).Fill(-1);
        _columnOfRow.AsSpan(0, shortSide).Fill(-1);
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
    }
}
