using System.Text;

namespace Edge.Packages.Tests;

public sealed class ManifestTests
{
    [Fact]
    public void ToUtf8_Manifest_HasTheNamesOfTheContract()
    {
        string json = Encoding.UTF8.GetString(Sample.Manifest.ToUtf8());
        foreach (string part in (string[])["\"formatVersion\": 1", "\"task\": \"classify\"", "\"layout\": \"nchw\"", "\"dtype\": \"float32\"", "\"resize\": \"stretch\"", "\"colorOrder\": \"grey\"", "\"minimumRuntime\": \"0.1.0\"", "\"family\": \"classifier\"", "\"scores\": \"logits\""])
        {
            Assert.Contains(part, json, StringComparison.Ordinal);
        }
        Assert.DoesNotContain('\r', json);
    }

    [Fact]
    public void Parse_LeastManifest_TakesTheDefaults()
    {
        Manifest manifest = Manifest.Parse("""
            {"name":"a","version":"1.0.0","release":1,"task":"segment",
             "input":{"width":1,"height":2,"channels":3},"output":{"family":"classifier"}}
            """u8);
        Assert.Equal(1f / 255f, manifest.Input!.Scale);
        Assert.Equal(ModelTask.Segment, manifest.Task);
        Assert.Equal(TensorLayout.Nchw, manifest.Input!.Layout);
        Assert.Equal(1, manifest.Output.TopK);
        Assert.Empty(manifest.Files);
    }

    [Theory]
    [InlineData("classify", """ "text":{"length":4} """, "'input'")]
    [InlineData("sensor-classify", """ "input":{"width":1,"height":2,"channels":3} """, "'sensor'")]
    [InlineData("sensor-classify", """ "sensor":{"columns":[]} """, "sensor.columns")]
    [InlineData("sensor-classify", """ "sensor":{"columns":["a"],"mean":[1,2]} """, "sensor.mean")]
    [InlineData("sensor-classify", """ "sensor":{"columns":["a"],"std":[0]} """, "sensor.std")]
    [InlineData("sensor-classify", """ "sensor":{"columns":["a"],"window":-1} """, "sensor.window")]
    [InlineData("text-classify", """ "sensor":{"columns":["a"]} """, "'text'")]
    [InlineData("text-classify", """ "text":{"length":0} """, "text.length")]
    [InlineData("anomaly", """ "text":{"length":4} """, "'sensor'")]
    public void Parse_InputThatDoesNotFitTheTask_SaysWhich(string task, string input, string says)
    {
        string json = $$$"""{"name":"a","version":"1.0.0","release":1,"task":"{{{task}}}",{{{input}}},"output":{"family":"classifier"}}""";
        Assert.Contains(says, Assert.Throws<PackageException>(() => Manifest.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reference_CountedAndWritten_ComesBack()
    {
        ReferenceHistogram counted = ReferenceHistogram.Count([0, 2, 2, 1], [0.05f, 0.95f, 1f, float.NaN], classes: 3);
        Assert.Equal([0.25, 0.25, 0.5], counted.Classes!);
        Assert.Equal([0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5], counted.Confidence!);
        Manifest manifest = Manifest.Parse((Sample.Manifest with { Reference = counted, Golden = null }).ToUtf8());
        Assert.Equal(counted.Classes, manifest.Reference!.Classes);
        Assert.Equal(counted.Confidence, manifest.Reference.Confidence);
        Assert.Equal(4, manifest.Reference.Samples);
    }

    [Theory]
    [InlineData("""{"samples":0}""", "reference.samples")]
    [InlineData("""{"samples":1,"classes":[0.5,0.4]}""", "reference.classes")]
    [InlineData("""{"samples":1,"classes":[2,-1]}""", "reference.classes")]
    [InlineData("""{"samples":1,"confidence":[1]}""", "reference.confidence")]
    public void Parse_ReferenceThatCannotBe_NamesTheField(string reference, string field)
    {
        string text = """{"name":"a","version":"1.0.0","release":1,"task":"classify","input":{"width":1,"height":2,"channels":3},"output":{"family":"classifier"},"reference":""" + reference + "}";
        Assert.Contains(field, Assert.Throws<PackageException>(() => Manifest.Parse(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Normalization_Pixel_IsRoundedProductPlusSum()
    {
        var spec = new InputSpec { Width = 1, Height = 1, Channels = 3, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };
        var normalization = new Normalization(spec);
        for (int c = 0; c < 3; c++)
        {
            float a = (1f / 255f) / spec.Std[c];
            float b = -spec.Mean[c] / spec.Std[c];
            Assert.Equal(a, normalization.Multiply[c]);
            Assert.Equal(b, normalization.Add[c]);
            for (int pixel = 0; pixel < 256; pixel++)
            {
                // A float product fits into a double exactly, so each step is rounded once.
                float product = (float)((double)pixel * a);
                float expected = (float)((double)product + b);
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(normalization.Apply((byte)pixel, c)));
            }
        }
    }

    [Fact]
    public void Normalization_WholeImage_EqualsPixelByPixel()
    {
        var spec = new InputSpec { Width = 2, Height = 1, Channels = 3, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };
        var normalization = new Normalization(spec);
        byte[] pixels = [0, 77, 255, 1, 128, 200];
        float[] values = new float[6];
        normalization.Apply(pixels, values);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(normalization.Apply(pixels[i], i / 2), values[i]);
        }
        Assert.Throws<ArgumentException>(() => normalization.Apply(new byte[5], new float[5]));
    }

    [Fact]
    public void Normalization_DefaultSpec_IsPixelOver255()
    {
        var normalization = new Normalization(new InputSpec { Width = 1, Height = 1, Channels = 1, ColorOrder = ColorOrder.Grey });
        Assert.Equal(0f, normalization.Apply(0, 0));
        Assert.Equal(1f, normalization.Apply(255, 0));
        Assert.False(float.IsNegative(normalization.Apply(0, 0)));
    }

    [Theory]
    [InlineData("1.0.0", "1.0.0-alpha")]
    [InlineData("1.0.0-beta.11", "1.0.0-beta.2")]
    [InlineData("1.0.0-alpha.beta", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha")]
    [InlineData("1.10.0", "1.9.9")]
    [InlineData("2.0.0", "1.99.99")]
    public void SemanticVersion_Order_IsThatOfTheSpecification(string higher, string lower)
    {
        Assert.True(SemanticVersion.TryParse(higher, out SemanticVersion? a));
        Assert.True(SemanticVersion.TryParse(lower, out SemanticVersion? b));
        Assert.True(a > b);
        Assert.Equal(higher, a.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3-a..b")]
    [InlineData("v1.2.3")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.99999999999")]
    [InlineData("-1.2.3")]
    public void SemanticVersion_NotOne_IsRefused(string text) => Assert.False(SemanticVersion.TryParse(text, out _));

    [Fact]
    public void Crc32_KnownAnswer_IsRight()
    {
        Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));
        Assert.Equal(0u, Crc32.Compute([]));
    }
}
