namespace Edge.Fuzz;

/// <summary>Damages bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x3a, 0x42];

    internal static byte[] Mutate(byte[] source, byte[] other, Random random)
    {
        List<byte> bytes = [.. source];
        for (int rounds = 1 + random.Next(4); rounds > 0 && bytes.Count > 0; rounds--)
        {
            int place = random.Next(bytes.Count);
            int length = Math.Min(1 + random.Next(64), bytes.Count - place);
            switch (random.Next(9))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[place] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(place, length);
                    break;
                case 4:
                    bytes.InsertRange(place, bytes.GetRange(place, length));
                    break;
                case 5:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 6:
                    // The largest number that the format can write.
                    bytes.InsertRange(place, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
                    break;
                case 7:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(place, other.AsSpan(from, Math.Min(1 + random.Next(256), other.Length - from)).ToArray());
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

    internal static byte[] Noise(Random random)
    {
        byte[] bytes = new byte[random.Next(2_000)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0 && bytes.Length > 4)
        {
            // Begins as a model does, so that the parser goes on.
            new byte[] { 0x08, 0x08, 0x3a, 0x7f }.CopyTo(bytes, 0);
        }
        return bytes;
    }
}
