using Edge.Foundation;
using Edge.Training.Data;

namespace Edge.Cli.Evaluation;

/// <summary>The samples that a model is judged by.</summary>
/// <param name="Data">All of them.</param>
/// <param name="Indices">Which are used, in rising order.</param>
/// <param name="Groups">The group of each used sample, for fairness; null where none are known.</param>
internal sealed record JudgedData(Dataset Data, int[] Indices, IReadOnlyList<string>? Groups)
{
    /// <summary>Chooses samples.</summary>
    /// <param name="data">All of them.</param>
    /// <param name="limit">At most how many, drawn by the seed since files are often sorted; 0 takes all.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="groupFile">A file with the group of every sample, one a line; null takes what the data set knows.</param>
    /// <exception cref="DataException">The file has another number of lines.</exception>
    internal static JudgedData Choose(Dataset data, int limit, ulong seed, string? groupFile = null)
    {
        int[] order = new int[data.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        if (limit > 0 && limit < order.Length)
        {
            new SplitMix64(SplitMix64.Mix(seed, 0x11317)).Shuffle(order);
            order = order[..limit];
            Array.Sort(order);
        }
        IReadOnlyList<string>? all = groupFile is not null ? GroupLines(groupFile, data) : null;
        IReadOnlyList<string>? groups = all is not null ? [.. order.Select(index => all[index])]
            : data.CohortNames.Count > 0 ? [.. order.Select(index => data.CohortOf(index) is >= 0 and var cohort ? data.CohortNames[cohort] : "(none)")]
            : null;
        return new JudgedData(data, order, groups);
    }

    private static string[] GroupLines(string path, Dataset data)
    {
        const int MaximumBytes = 1 << 28;
        if (!File.Exists(path) || new FileInfo(path).Length > MaximumBytes)
        {
            throw new DataException($"{path}: {(File.Exists(path) ? "is larger than 256 MiB" : "no such file")}; give a text file with the group of each sample, one a line");
        }
        string[] lines = [.. File.ReadLines(path).Select(line => line.Trim())];
        return lines.Length == data.Count
            ? lines
            : throw new DataException($"{path}: has {lines.Length} lines, {data.Name} has {data.Count} samples; give the group of each sample, one a line");
    }
}
