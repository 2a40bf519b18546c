namespace Edge.Training.Data;

/// <summary>Guesses which column of a table is which; a recipe may say it instead.</summary>
internal static class TextColumns
{
    private const int Looked = 1_000;

    public static int Longest(Table table)
    {
        int best = 0;
        long most = -1;
        for (int column = 0; column < table.ColumnNames.Count; column++)
        {
            long length = 0;
            for (int row = 0; row < Math.Min(table.RowCount, Looked); row++)
            {
                length += table.Text(row, column).Length;
            }
            (best, most) = length > most ? (column, length) : (best, most);
        }
        return best;
    }

    public static int FewestValues(Table table, int except)
    {
        int best = -1, fewest = int.MaxValue;
        for (int column = 0; column < table.ColumnNames.Count; column++)
        {
            var values = new HashSet<string>(StringComparer.Ordinal);
            for (int row = 0; row < Math.Min(table.RowCount, Looked); row++)
            {
                values.Add(table.Text(row, column));
            }
            if (column != except && values.Count < fewest)
            {
                (best, fewest) = (column, values.Count);
            }
        }
        return best >= 0 ? best : throw new DataException($"{table.Name}: has one column only; a text needs a class beside it");
    }
}
