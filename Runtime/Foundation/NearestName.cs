namespace Edge.Foundation;

/// <summary>Guesses which of the known names a misspelt one was meant to be.</summary>
public static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary>The known name with the fewest edits (Levenshtein distance, letter case ignored), if they are few for its length.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">What it may have been meant to be.</param>
    /// <returns>The nearest of <paramref name="known"/>, or null where none is near.</returns>
    public static string? Of(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        if (name.Length > LongestCompared)
        {
            return null;
        }
        string? best = null;
        int fewest = int.MaxValue;
        foreach (string candidate in known)
        {
            int edits = Edits(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (edits < fewest && edits <= Math.Max(2, candidate.Length / 3))
            {
                (best, fewest) = (candidate, edits);
            }
        }
        return best;
    }

    private static int Edits(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
