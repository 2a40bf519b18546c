using System.Text;
using Edge.Inference.Text;

namespace Edge.Training.Data;

/// <summary>Learns merges of bytes: always the most frequent pair (Sennrich, Haddow and Birch 2016).</summary>
internal static class BytePairLearner
{
    public static List<(int Left, int Right)> Learn(IReadOnlyDictionary<string, int> words, int merges, int minimumCount)
    {
        List<(List<int> Pieces, int Count)> split = [];
        var pairs = new Dictionary<(int Left, int Right), Pair>();
        foreach ((string word, int count) in words.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            split.Add(([.. Encoding.UTF8.GetBytes(word).Select(b => Vocabulary.FirstByteId + b)], count));
            Register(split.Count - 1, 1);
        }
        var learnt = new List<(int Left, int Right)>();
        while (learnt.Count < merges && Best() is { } best)
        {
            int id = Vocabulary.FirstByteId + 256 + learnt.Count;
            learnt.Add(best);
            foreach (int word in pairs[best].Words.Order().ToArray())
            {
                Register(word, -1);
                Merge(split[word].Pieces, best, id);
                Register(word, 1);
            }
        }
        return learnt;

        // Equal counts are decided by the numbers, so that the same texts give the same merges.
        (int Left, int Right)? Best()
        {
            (int Left, int Right)? found = null;
            int most = Math.Max(minimumCount, 2) - 1;
            foreach (((int Left, int Right) key, Pair pair) in pairs)
            {
                if (pair.Count > most || (pair.Count == most && found is { } other && key.CompareTo(other) < 0))
                {
                    (found, most) = (key, pair.Count);
                }
            }
            return found;
        }

        void Register(int word, int sign)
        {
            (List<int> pieces, int count) = split[word];
            for (int i = 0; i + 1 < pieces.Count; i++)
            {
                (int, int) key = (pieces[i], pieces[i + 1]);
                if (!pairs.TryGetValue(key, out Pair? pair))
                {
                    pairs.Add(key, pair = new Pair());
                }
                pair.Count += sign * count;
                _ = sign > 0 ? pair.Words.Add(word) : pair.Words.Remove(word);
                if (pair.Count == 0)
                {
                    pairs.Remove(key);
                }
            }
        }
    }

    private static void Merge(List<int> pieces, (int Left, int Right) pair, int id)
    {
        int kept = 0;
        for (int i = 0; i < pieces.Count; i++, kept++)
        {
            bool isPair = i + 1 < pieces.Count && pieces[i] == pair.Left && pieces[i + 1] == pair.Right;
            pieces[kept] = isPair ? id : pieces[i];
            i += isPair ? 1 : 0;
        }
        pieces.RemoveRange(kept, pieces.Count - kept);
    }

    private sealed class Pair
    {
        public int Count { get; set; }

        public HashSet<int> Words { get; } = [];
    }
}
