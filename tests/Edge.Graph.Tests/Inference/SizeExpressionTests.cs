using Edge.Graph.Inference;

namespace Edge.Graph.Tests.Inference;

public sealed class SizeExpressionTests
{
    [Theory]
    [InlineData("batch", "batch")]
    [InlineData("height/32", "height/32")]
    [InlineData("1+2*width", "2*width+1")]
    [InlineData("width*2+1-(width)", "width+1")]
    [InlineData("b*a+a*b", "2*a*b")]
    [InlineData("(a+1)*(a-1)", "a*a-1")]
    [InlineData("(2*h+4)/2", "h+2")]
    [InlineData("(h-1)/2+1", "ceil(h/2)")]
    [InlineData("((h-1)/2+1-1)/2+1", "ceil(h/4)")]
    [InlineData("h/2/2/2", "h/8")]
    [InlineData("(4*h+2)/6", "(2*h+1)/3")]
    [InlineData("3*(h/2)", "3*(h/2)")]
    [InlineData("(h/2)*(w/2)", "(h/2)*(w/2)")]
    [InlineData("b*h*w/(b*w)", "h")]
    [InlineData("(a*c+b*c)/(a+b)", "c")]
    [InlineData("max(a,1)", "a")]
    [InlineData("max(a-1,0)", "a-1")]
    [InlineData("max(a-2,0)", "max(a-2,0)")]
    [InlineData("min(batch,10)", "min(batch,10)")]
    [InlineData("min(min(b,7),min(a,9))", "min(a,b,7)")]
    [InlineData("5-(a)", "5-(a)")]
    [InlineData("-(a)", "-(a)")]
    [InlineData("a/(b)", "a/(b)")]
    [InlineData("a-(a)", "0")]
    [InlineData("a-2*b", "a-2*b")]
    [InlineData("past-sequence", "past-sequence")]
    [InlineData("/decoder/Squeeze_dim_0", "/decoder/Squeeze_dim_0")]
    [InlineData("decoder/Squeeze_dim_0", "decoder/Squeeze_dim_0")]
    [InlineData("floor(h/2 - 1/2) + 1", "floor(h/2 - 1/2) + 1")]
    [InlineData("h/2 - 1/2", "h/2 - 1/2")]
    [InlineData("input.1_dim:0", "input.1_dim:0")]
    [InlineData("batch size", "batch size")]
    [InlineData("ceil(h/32)*ceil(w/32)", "ceil(h/32)*ceil(w/32)")]
    public void Parse_Text_GivesCanonicalTextThatParsesBack(string text, string canonical)
    {
        SizeExpression size = Parse(text);
        Assert.Equal(canonical, size.Text);
        Assert.Equal(size, Parse(size.Text));
    }

    [Fact]
    public void Parse_OpaqueSymbolInsideASum_StandsInBracesAndParsesBack()
    {
        SizeExpression sum = SizeExpression.Add(SizeExpression.OfSymbol("batch size"), SizeExpression.One)!;
        Assert.Equal("{batch size}+1", sum.Text);
        Assert.Equal(sum, Parse(sum.Text));
    }

    [Fact]
    public void Operations_RandomExpressions_AgreeWithNumbers()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        string[] names = ["a", "b", "c"];
        for (int round = 0; round < 20_000; round++)
        {
            var values = names.ToDictionary(name => name, _ => (long)random.Next(1, 40));
            (SizeExpression? size, long value) = Build(random, values, 3);
            if (size is null)
            {
                continue;
            }
            Assert.True(Evaluate(size.Text, values) == value, $"round {round}: {size.Text} is {Evaluate(size.Text, values)} and not {value} for {string.Join(',', values)}");
            (long lower, long upper) = size.Bounds();
            Assert.InRange(value, lower, upper);
        }
    }

    [Fact]
    public void Operations_Overflow_GiveNothing()
    {
        SizeExpression huge = SizeExpression.Of(long.MaxValue);
        Assert.Null(SizeExpression.Add(huge, SizeExpression.One));
        Assert.Null(SizeExpression.Multiply(huge, SizeExpression.Of(2)));
        Assert.Null(SizeExpression.Multiply(SizeExpression.Multiply(huge, SizeExpression.OfSymbol("a")), SizeExpression.Of(2)));
        Assert.Null(SizeExpression.FloorDivide(huge, SizeExpression.Zero));
        Assert.Null(SizeExpression.FloorDivide(SizeExpression.Of(long.MinValue), SizeExpression.Of(-1)));
        Assert.Null(SizeExpression.DivideExactly(SizeExpression.Of(long.MinValue), SizeExpression.Of(-1)));
    }

    private static SizeExpression Parse(string text) => SizeParser.Parse(text, SizeExpression.OfSymbol);

    private static long? Evaluate(string text, Dictionary<string, long> values) => SizeParser.Parse(text, name => SizeExpression.Of(values[name])).Constant;

    private static (SizeExpression? Size, long Value) Build(Random random, Dictionary<string, long> values, int depth)
    {
        if (depth == 0 || random.Next(5) == 0)
        {
            if (random.Next(3) == 0)
            {
                long number = random.Next(0, 9);
                return (SizeExpression.Of(number), number);
            }
            (string name, long value) = values.ElementAt(random.Next(values.Count));
            return (SizeExpression.OfSymbol(name), value);
        }
        (SizeExpression? a, long x) = Build(random, values, depth - 1);
        (SizeExpression? b, long y) = Build(random, values, depth - 1);
        return random.Next(8) switch
        {
            0 or 1 => (SizeExpression.Add(a, b), x + y),
            2 => (SizeExpression.Subtract(a, b), x - y),
            3 => (SizeExpression.Multiply(a, b), x * y),
            4 when y != 0 => (SizeExpression.FloorDivide(a, b), (long)Math.Floor((double)x / y)),
            5 => (SizeExpression.CeilDivide(a, SizeExpression.Of(4)), (long)Math.Ceiling(x / 4.0)),
            6 => (SizeExpression.Min(a, b), Math.Min(x, y)),
            7 => (SizeExpression.Max(a, b), Math.Max(x, y)),
            _ => (a, x),
        };
    }
}
