namespace Edge.Training.Metrics;

/// <summary>How right a model is about one group of samples, such as one camera, site or group of people.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Count">How many samples are of it.</param>
/// <param name="Accuracy">The share that was right.</param>
/// <param name="Interval">Where the share lies, given how few they are.</param>
public sealed record GroupAccuracy(string Group, long Count, double Accuracy, ConfidenceInterval Interval)
{
    /// <summary>Counts every group.</summary>
    /// <param name="groups">The group of every sample.</param>
    /// <param name="right">Whether the model was right about it.</param>
    /// <returns>By name.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static IReadOnlyList<GroupAccuracy> Of(IReadOnlyList<string> groups, IReadOnlyList<bool> right)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(right);
        if (groups.Count != right.Count)
        {
            throw new ArgumentException($"{right.Count} results for {groups.Count} samples", nameof(right));
        }
        var counts = new SortedDictionary<string, (long Hits, long All)>(StringComparer.Ordinal);
        for (int i = 0; i < groups.Count; i++)
        {
            (long hits, long all) = counts.GetValueOrDefault(groups[i]);
            counts[groups[i]] = (hits + (right[i] ? 1 : 0), all + 1);
        }
        return [.. counts.Select(item => new GroupAccuracy(
            item.Key, item.Value.All, (double)item.Value.Hits / item.Value.All, ConfidenceInterval.OfShare(item.Value.Hits, item.Value.All)))];
    }

    /// <summary>The accuracy of the best group less that of the worst; 0 for fewer than two.</summary>
    /// <param name="groups">The groups.</param>
    public static double LargestGap(IReadOnlyList<GroupAccuracy> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return groups.Count == 0 ? 0 : groups.Max(group => group.Accuracy) - groups.Min(group => group.Accuracy);
    }
}
