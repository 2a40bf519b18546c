namespace Edge.Testing;

/// <summary>Damages bytes as an accident or an attacker would, without knowing what they mean.</summary>
/// <param name="words">Pieces that mean something to the parser under test, and are put in where they do not belong.</param>
public sealed class ByteMutator(params IReadOnlyList<byte[]> words)
{
    private const int MostChanges = 5;
    private const int LongestPiece = 64;
    private static readonly byte[] Telling = [0x00, 0x01, 0x7f, 0x80, 0xff, (byte)'"', (byte)'{', (byte)'\n'];

    /// <summary>A damaged copy: one to five pieces flipped, overwritten, cut out, doubled, moved, or the end cut off.</summary>
    /// <param name="source">What is damaged; it stays as it is.</param>
    /// <param name="random">Chance.</param>
    /// <param name="other">Another good input, of which a piece may be put in; <paramref name="source"/> itself where empty.</param>
    public byte[] Mutate(ReadOnlySpan<byte> source, Random random, ReadOnlySpan<byte> other = default)
    {
        other = other.IsEmpty ? source : other;
        List<byte> bytes = [.. source];
        for (int changes = random.Next(MostChanges); changes >= 0 && bytes.Count > 0; changes--)
        {
            int place = random.Next(bytes.Count);
            int length = Math.Min(1 + random.Next(LongestPiece), bytes.Count - place);
            switch (random.Next(9))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[place] = Telling[random.Next(Telling.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(place, length);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(place, length));
                    break;
                case 5:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 6 when words.Count > 0:
                    bytes.InsertRange(place, words[random.Next(words.Count)]);
                    break;
                case 7:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(place, other.Slice(from, Math.Min(1 + random.Next(4 * LongestPiece), other.Length - from)).ToArray());
                    break;
                default:
                    byte[] noise = new byte[length];
                    random.NextBytes(noise);
                    bytes.RemoveRange(place, length);
                    bytes.InsertRange(place, noise);
                    break;
            }
        }
        return [.. bytes];
    }
}
