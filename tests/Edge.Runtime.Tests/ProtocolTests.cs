using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class ProtocolTests
{
    private static readonly ModelReference Model = new() { Name = "brightness", Version = "1.2.0", Release = 12 };

    private static readonly DateTime Time = new(2025, 3, 4, 5, 6, 7, 890, DateTimeKind.Utc);

    private static readonly StageTimes Latency = new(
        TimeSpan.FromMicroseconds(1234.5), TimeSpan.FromMicroseconds(20), TimeSpan.FromMilliseconds(3), TimeSpan.FromMicroseconds(4), TimeSpan.FromMilliseconds(5));

    [Fact]
    public void Write_ThenParse_TheRecordAgrees()
    {
        using var writer = new ClassificationResultWriter("light", Model, ["dark", "\"mid\" é\n"]);
        byte[] json = writer.Write(7, Time, ClassificationResultWriter.EncodeText("a\\b\u0001.png"), [1, 0, 5], [0.75f, 0.25f, float.NaN], Latency).ToArray();
        ClassificationResult result = ClassificationResult.Parse(json);
        Assert.Equal("light", result.Pipeline);
        Assert.Equal(7, result.Sequence);
        Assert.Equal(new DateTimeOffset(Time), result.Time);
        Assert.Equal("a\\b\u0001.png", result.Source);
        Assert.Equal(
            [
                new ClassScore { Index = 1, Label = "\"mid\" é\n", Score = 0.75f },
                new ClassScore { Index = 0, Label = "dark", Score = 0.25f },
                new ClassScore { Index = 5, Label = null, Score = 0f },
            ],
            result.Classes);
        Assert.Equal(new StageLatency { Decode = 1.234, Preprocess = 0.02, Infer = 3, Postprocess = 0.004, Total = 5 }, result.LatencyMs with { Decode = Math.Round(result.LatencyMs.Decode - 0.0004, 3) });
        Assert.Equal(Model, result.Model);
    }

    [Fact]
    public void Write_TheTime_IsRfc3339InUtc()
    {
        using var writer = new ClassificationResultWriter("light", Model, []);
        using JsonDocument json = JsonDocument.Parse(writer.Write(1, Time, ClassificationResultWriter.EncodeText("x"), [], [], Latency).ToArray());
        Assert.Equal("2025-03-04T05:06:07.89Z", json.RootElement.GetProperty("time").GetString());
    }

    [Fact]
    public void Write_AfterWarmUp_AllocatesNothing()
    {
        using var writer = new ClassificationResultWriter("light", Model, ["dark", "mid", "bright"]);
        JsonEncodedText source = ClassificationResultWriter.EncodeText("0001.png");
        int[] indices = [2, 1, 0];
        float[] scores = [0.9f, 0.08f, 0.02f];
        for (int i = 0; i < 200; i++)
        {
            writer.Write(i, Time, source, indices, scores, Latency);
        }
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                writer.Write(i, Time.AddTicks(i), source, indices, scores, Latency);
            }
        }));
    }

    [Fact]
    public void Write_LocalTime_Throws()
    {
        using var writer = new ClassificationResultWriter("light", Model, []);
        Assert.Throws<ArgumentException>(() => writer.Write(1, DateTime.SpecifyKind(Time, DateTimeKind.Local), default, [], [], Latency).Length);
        Assert.Throws<ArgumentException>(() => writer.Write(1, Time, default, [1], [], Latency).Length);
    }

    [Fact]
    public void StatusMessage_ThereAndBack_IsTheSame()
    {
        var status = new StatusMessage { State = DeviceState.Online, Version = "0.1.0", BootId = "b", Engine = "e", Time = new DateTimeOffset(Time) };
        byte[] json = status.ToUtf8();
        Assert.Equal("""{"status":"online","version":"0.1.0","bootId":"b","engine":"e","time":"2025-03-04T05:06:07.89Z"}""", Encoding.UTF8.GetString(json));
        Assert.Equal(status, StatusMessage.Parse(json));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"status":"online"}""")]
    [InlineData("""{"status":"asleep","version":"0.1.0","bootId":"b","engine":"e","time":"2025-03-04T05:06:07Z"}""")]
    [InlineData("""{"status":"online","version":null,"bootId":"b","engine":"e","time":"2025-03-04T05:06:07Z"}""")]
    [InlineData("""{"status":"online","version":"0.1.0","bootId":"b","engine":"e","time":"yesterday"}""")]
    public void Parse_NoStatusMessage_Throws(string json) =>
        Assert.Throws<ProtocolException>(() => StatusMessage.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Parse_RandomDamage_NeverFailsOtherwise()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        using var writer = new ClassificationResultWriter("light", Model, ["dark"]);
        byte[] good = writer.Write(7, Time, ClassificationResultWriter.EncodeText("0001.png"), [0], [0.75f], Latency).ToArray();
        for (int i = 0; i < 5000; i++)
        {
            byte[] damaged = [.. good];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Exception? e = Record.Exception(() => ClassificationResult.Parse(damaged));
            Assert.True(e is null or ProtocolException, $"seed {Seed}, case {i}: {e}");
        }
    }

    [Fact]
    public void Topics_OfADevice_AreThoseOfTheProtocol()
    {
        var topics = new Topics("edge", "kitchen");
        Assert.Equal("edge/kitchen/status", topics.Status);
        Assert.Equal("edge/kitchen/light/result", topics.Result("light"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a/b")]
    [InlineData("+")]
    [InlineData("a#")]
    [InlineData("a\tb")]
    [InlineData("a\0")]
    [InlineData("$SYS")]
    public void TopicName_ThatCannotBe_Throws(string name)
    {
        ProtocolException e = Assert.Throws<ProtocolException>(() => new Topics("edge", name));
        Assert.DoesNotContain(e.Message, char.IsControl);
    }

    [Fact]
    public void TopicName_WithHalfACharacter_Throws() => Assert.Throws<ProtocolException>(() => TopicName.Check("a\ud800", "device"));

    [Fact]
    public void TopicName_AtTheLimit_Passes()
    {
        Assert.Equal(64, TopicName.Check(new string('x', 64), "device").Length);
        Assert.Throws<ProtocolException>(() => TopicName.Check(new string('x', 65), "device"));
        Assert.Equal("küche-😀", TopicName.Check("küche-😀", "device"));
    }
}
