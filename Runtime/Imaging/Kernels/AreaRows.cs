using System.Runtime.Intrinsics;

namespace Edge.Imaging;

/// <summary>The inner loop of <see cref="AreaSampler"/>.</summary>
internal static class AreaRows
{
    /// <summary><c>sums[i] += row[i] · weight</c>, product and sum rounded one after the other.</summary>
    internal static void Add(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<float> weights = Vector128.Create(weight);
            for (; i + 16 <= row.Length; i += 16)
            {
                (Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) = StoreRows.ToFloats(Vector128.Create(row.Slice(i, 16)));
                Span<float> target = sums.Slice(i, 16);
                (Vector128.Create<float>(target) + (a * weights)).CopyTo(target);
                (Vector128.Create<float>(target[4..]) + (b * weights)).CopyTo(target[4..]);
                (Vector128.Create<float>(target[8..]) + (c * weights)).CopyTo(target[8..]);
                (Vector128.Create<float>(target[12..]) + (d * weights)).CopyTo(target[12..]);
            }
        }
        AddScalar(row[i..], weight, sums[i..]);
    }

    /// <summary>The same, one element at a time.</summary>
    internal static void AddScalar(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        for (int i = 0; i < row.Length; i++)
        {
            float product = row[i] * weight;
            sums[i] += product;
        }
    }
}
