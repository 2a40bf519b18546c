namespace Edge.Imaging.Tests;

/// <summary>Vector loops against one element at a time, over awkward lengths.</summary>
public sealed class RowsTests
{
    private static readonly float[] Multiply = [0.017f, -3.1f, 255f];
    private static readonly float[] Add = [-2.1f, 0f, 1e-3f];

    public static TheoryData<int> Lengths => [0, 1, 2, 3, 7, 12, 13, 15, 16, 17, 31, 127, 128, 129, 4097];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Vectors_AnyLength_EqualScalarsToTheBit(int length)
    {
        byte[] a = new byte[3 * length], b = new byte[3 * length];
        new Random(length).NextBytes(a);
        new Random(length + 1).NextBytes(b);
        float[] actual = new float[3 * length];

        Rows.Widen(a, actual);
        Assert.Equal(a.Select(v => (float)v), actual);

        Rows.Blend(a, b, 0.3f, actual);
        Assert.Equal(a.Zip(b, (u, l) => Sum(u, Product((float)l - u, 0.3f))), actual);

        byte[] narrowed = new byte[3 * length];
        Rows.Narrow(actual, narrowed);
        Assert.Equal(actual.Select(v => (byte)(v + 0.5f)), narrowed);

        Rows.Scale(a, Multiply[0], Add[0], actual);
        Assert.Equal(a.Select(v => Sum(Product(v, Multiply[0]), Add[0])), actual);

        Rows.Widen(a, actual);
        Rows.Scale(actual.AsSpan(), Multiply[0], Add[0]);
        Assert.Equal(a.Select(v => Sum(Product(v, Multiply[0]), Add[0])), actual);

        Rows.Scale3(a, Multiply, Add, actual);
        Assert.Equal(a.Select((v, i) => Sum(Product(v, Multiply[i % 3]), Add[i % 3])), actual);

        byte[][] planes = [new byte[length], new byte[length], new byte[length]];
        Rows.Split3(a, planes[0], planes[1], planes[2]);
        Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(a.Where((_, i) => i % 3 == c), planes[c]));
    }

    private static float Product(float a, float b) => a * b;

    private static float Sum(float a, float b) => a + b;
}
