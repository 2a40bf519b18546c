namespace Edge.Packages.Tests;

/// <summary>Bytes changed a little, as an accident or a fuzzer would.</summary>
internal static class Mutation
{
    internal static byte[] Of(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (int n = random.Next(1, 5); n > 0 && bytes.Count > 0; n--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    bytes[at] = "0123456789\"{}[],:-enulltrue\\"u8[random.Next(28)];
                    break;
                default:
                    for (int i = 0; i < Math.Min(4, bytes.Count - at); i++)
                    {
                        bytes[at + i] = (byte)(random.Next(2) * 255);
                    }
                    break;
            }
        }
        return [.. bytes];
    }
}
