namespace Edge.Imaging.Tests;

/// <summary>Vector loops against their scalar twins, over awkward lengths, next to a guard page.</summary>
public sealed class KernelTests : IDisposable
{
    private const int Most = 3 * 4097;
    private static readonly float[] Multiply = [0.017f, -3.1f, 255f];
    private static readonly float[] Add = [-2.1f, 0f, 1e-3f];
    private readonly GuardedMemory _first = new(Most * 4);
    private readonly GuardedMemory _second = new(Most * 4);
    private readonly GuardedMemory _target = new((Most + BlendRows.Slack) * 4);
    private readonly GuardedMemory _row = new((Most + BlendRows.Slack) * 4);

    public static TheoryData<int> Lengths => [0, 1, 2, 3, 7, 12, 13, 15, 16, 17, 31, 33, 127, 128, 129, 4097];

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _target.Dispose();
        _row.Dispose();
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void BlendRows_AnyLength_EqualTheirScalarTwins(int length)
    {
        Span<byte> upper = Noise(_first, length, 1), lower = Noise(_second, length, 2);
        Span<ushort> target = _target.Span<ushort>(length);
        ushort[] expected = new ushort[length];
        foreach (int weight in (int[])[0, 1, 77, 128, 255, 256])
        {
            BlendRows.Blend(upper, lower, weight, target);
            BlendRows.BlendScalar(upper, lower, weight, expected);
            Assert.Equal(expected, target.ToArray());
        }
        BlendRows.Widen(upper, target);
        BlendRows.WidenScalar(upper, expected);
        Assert.Equal(expected, target.ToArray());

        new Random(3).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(target));
        for (int i = 0; i < length; i++)
        {
            // No blend of two levels is above 255.0.
            target[i] = Math.Min(target[i], (ushort)(255 << 8));
        }
        byte[] narrowed = new byte[length];
        Span<byte> actual = _first.Span<byte>(length);
        BlendRows.Narrow(target, actual);
        BlendRows.NarrowScalar(target, narrowed);
        Assert.Equal(narrowed, actual.ToArray());
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Gather3_AnyLength_EqualsItsScalarTwin(int length)
    {
        const int Columns = 97;
        Span<ushort> row = _row.Span<ushort>((3 * Columns) + BlendRows.Slack);
        var random = new Random(length);
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = (ushort)random.Next((255 << 8) + 1);
        }
        int[] first = [.. Enumerable.Range(0, length).Select(_ => random.Next(Columns))];
        int[] weight = [.. first.Select(left => left == Columns - 1 ? 0 : random.Next(BlendRows.One11))];
        Span<byte> target = _target.Span<byte>((3 * length) + BlendRows.Slack);
        byte[] expected = new byte[3 * length];
        BlendRows.Gather3(row, first, weight, target);
        BlendRows.Gather3Scalar(row, first, weight, expected);
        Assert.Equal(expected, target[..expected.Length].ToArray());
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void StoreRows_AnyLength_EqualScalarsToTheBit(int length)
    {
        Span<byte> source = Noise(_first, 3 * length, 4);
        byte[] a = source.ToArray();
        Span<float> target = _target.Span<float>(3 * length);

        StoreRows.Scale(source, Multiply[0], Add[0], target);
        Assert.Equal(a.Select(v => Sum(Product(v, Multiply[0]), Add[0])), target.ToArray());
        StoreRows.Scale3(source, Multiply, Add, target);
        Assert.Equal(a.Select((v, i) => Sum(Product(v, Multiply[i % 3]), Add[i % 3])), target.ToArray());

        Span<byte> planes = _second.Span<byte>(3 * length);
        StoreRows.Split3(source, planes[..length], planes.Slice(length, length), planes[(2 * length)..]);
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(c => a.Where((_, i) => i % 3 == c)), planes.ToArray());

        ushort[] levels = [.. Enumerable.Range(0, 768).Select(i => (ushort)(i * 7))];
        Span<ushort> mapped = _row.Span<ushort>(3 * length);
        StoreRows.Map3(source, levels, mapped);
        Assert.Equal(a.Select((v, i) => levels[(i % 3 * 256) + v]), mapped.ToArray());
        StoreRows.MapSplit3(source, levels, mapped[..length], mapped.Slice(length, length), mapped[(2 * length)..]);
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(c => a.Where((_, i) => i % 3 == c).Select(v => levels[(c * 256) + v])), mapped.ToArray());

        target.Fill(0.25f);
        float[] sums = target.ToArray();
        AreaRows.Add(source, 0.3f, target);
        AreaRows.AddScalar(a, 0.3f, sums);
        Assert.Equal(sums, target.ToArray());
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Convert_YuvRow_EqualsItsScalarTwinAndTheFormula(int width)
    {
        if (width == 0)
        {
            return;
        }
        foreach (PixelFormat format in (PixelFormat[])[PixelFormat.Yuyv, PixelFormat.Nv12, PixelFormat.I420])
        {
            foreach (PixelRange range in Enum.GetValues<PixelRange>())
            {
                var view = new PixelView(Noise(_first, (int)PixelLayout.Bytes(format, 3, PixelLayout.RowBytes(format, width)), width), width, 3, format, range: range);
                foreach (PixelFormat order in (PixelFormat[])[PixelFormat.Rgb24, PixelFormat.Bgr24, PixelFormat.Grey8])
                {
                    Span<byte> target = _target.Span<byte>(PixelLayout.RowBytes(order, width));
                    byte[] expected = new byte[target.Length];
                    for (int y = 0; y < 3; y++)
                    {
                        YuvRows.Convert(view, y, order, target);
                        YuvRows.ConvertScalar(view, y, order, expected, 0);
                        Assert.Equal(expected, target.ToArray());
                        Assert.Equal(Formula(view, width - 1, y, order), expected[^(order == PixelFormat.Grey8 ? 1 : 3)..], (e, a) => Math.Abs(e - a) <= 1);
                    }
                }
            }
        }
    }

    // ITU-R BT.601 in floating point.
    private static byte[] Formula(in PixelView view, int x, int y, PixelFormat order)
    {
        ReadOnlySpan<byte> row = view.Row(y), chroma = view.Chroma.IsEmpty ? [] : view.Chroma[(y / 2 * view.ChromaStride)..];
        (int luma, int u, int v) = view.Format switch
        {
            PixelFormat.Yuyv => (row[2 * x], row[(x / 2 * 4) + 1], row[(x / 2 * 4) + 3]),
            PixelFormat.Nv12 => (row[x], chroma[x / 2 * 2], chroma[(x / 2 * 2) + 1]),
            _ => (row[x], chroma[x / 2], view.SecondChroma[(y / 2 * view.ChromaStride) + (x / 2)]),
        };
        bool full = view.Range == PixelRange.Full;
        double l = full ? luma / 255.0 : (luma - 16) / 219.0, b = (u - 128) / (full ? 255.0 : 224), r = (v - 128) / (full ? 255.0 : 224);
        const double Kr = 0.299, Kb = 0.114, Kg = 1 - Kr - Kb;
        double red = l + (2 * (1 - Kr) * r), blue = l + (2 * (1 - Kb) * b);
        double green = (l - (Kr * red) - (Kb * blue)) / Kg;
        return [.. (order == PixelFormat.Grey8 ? [l] : order == PixelFormat.Rgb24 ? [red, green, blue] : (double[])[blue, green, red]).Select(c => (byte)Math.Round(Math.Clamp(c, 0, 1) * 255))];
    }

    private static Span<byte> Noise(GuardedMemory memory, int length, int seed)
    {
        Span<byte> bytes = memory.Span<byte>(length);
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static float Product(float a, float b) => a * b;

    private static float Sum(float a, float b) => a + b;
}
