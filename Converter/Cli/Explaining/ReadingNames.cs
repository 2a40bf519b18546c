using System.Globalization;
using Edge.Training.Data;

namespace Edge.Cli.Explaining;

/// <summary>The names of the columns of a window of readings, and where each value of a sample belongs.</summary>
internal sealed class ReadingNames
{
    private readonly int _inner;

    internal ReadingNames(Dataset data, IReadOnlyList<string> names)
    {
        Field field = data.Inputs[0];
        int axis = field.ChannelAxis ?? field.Shape.Length - 1;
        int columns = field.Shape[axis];
        _inner = 1;
        for (int behind = axis + 1; behind < field.Shape.Length; behind++)
        {
            _inner *= field.Shape[behind];
        }
        Columns = names.Count == columns ? names : [.. Enumerable.Range(0, columns).Select(column => $"column {column.ToString(CultureInfo.InvariantCulture)}")];
        Steps = field.Length / columns;
    }

    /// <summary>The columns.</summary>
    internal IReadOnlyList<string> Columns { get; }

    /// <summary>Readings of one column.</summary>
    internal int Steps { get; }

    /// <summary>Attributions by column and step.</summary>
    /// <param name="values">One sample.</param>
    internal double[,] ByColumn(float[] values)
    {
        var result = new double[Columns.Count, Steps];
        for (int place = 0; place < values.Length; place++)
        {
            int column = place / _inner % Columns.Count;
            int step = (place / (_inner * Columns.Count) * _inner) + (place % _inner);
            result[column, step] = values[place];
        }
        return result;
    }

    /// <summary>The sum of a column's attributions.</summary>
    internal double Sum(float[] values, int column)
    {
        double[,] all = ByColumn(values);
        double sum = 0;
        for (int step = 0; step < Steps; step++)
        {
            sum += all[column, step];
        }
        return sum;
    }
}
