using System.Globalization;

namespace Edge.Training.Data;

/// <summary>Distinct names with numbers, in an order that does not depend on where they stand in a file.</summary>
internal sealed class NameList
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    private NameList(IReadOnlyList<string> names)
    {
        Names = names;
        for (int i = 0; i < names.Count; i++)
        {
            _numbers.Add(names[i], i);
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Sorted as numbers where all are, else by their characters.</summary>
    /// <exception cref="DataException">There are more than the limit.</exception>
    public static NameList Of(IEnumerable<string> all, int limit, string what)
    {
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in all)
        {
            if (distinct.Add(name) && distinct.Count > limit)
            {
                throw new DataException($"{what} has more than {limit} different values; is it the right column?");
            }
        }
        string[] names = [.. distinct.Order(StringComparer.Ordinal)];
        double[] numbers = new double[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (!double.TryParse(names[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return new NameList(names);
            }
        }
        Array.Sort(numbers, names);
        return new NameList(names);
    }

    /// <summary>The names of another set, in its order.</summary>
    public static NameList Given(IReadOnlyList<string> names) => new(names);

    public int Find(string name) => _numbers.GetValueOrDefault(name, -1);
}
