using Edge.Runtime.Configuration;
using Edge.Runtime.Sensors;
using Edge.Runtime.Sources;
using Edge.Testing;

namespace Edge.Runtime.Tests.Sensors;

public sealed class CsvSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Frame _frame = new();

    [Fact]
    public void Next_TableWithRowNumbersAndQuotes_GivesTimesAndNumbers()
    {
        Write("a.csv", "\"date\",\"warmth\",\"light\"\n\"1\",\"2015-02-02 14:19:00\",23.5,\"585\"\r\n\n\"2\",\"2015-02-02 14:20:00\",?,-1e2");
        using CsvSource source = Open();
        Assert.Equal(["date", "warmth", "light"], source.Columns);
        Assert.Equal(("2015-02-02 14:19:00Z", "NaN 23.5 585"), Next(source));
        Assert.Equal(("2015-02-02 14:20:00Z", "NaN NaN -100"), Next(source));
        Assert.Null(Next(source));
    }

    [Fact]
    public void Next_RowsThatDoNotFit_AreLeftOut()
    {
        Write("a.csv", "time;x\n0;1\nnoon;2\n3\n4;5;6;7\n60;8\n");
        using CsvSource source = Open();
        Assert.Equal(("1970-01-01 00:00:00Z", "NaN 1"), Next(source));
        Assert.Equal(("1970-01-01 00:01:00Z", "NaN 8"), Next(source));
        Assert.Null(Next(source));
    }

    [Fact]
    public void Next_TwoTables_AreAlignedByTimeAndOldValuesAreMissing()
    {
        Write("a.csv", "time,warmth\n10,1\n20,2\n30,3\n40,4\n");
        Write("b.csv", "time,light\n9,100\n19,200\n21,300\n");
        using CsvSource source = Open(new SourceConfig { Type = SourceConfig.Csv, Paths = [_folder["a.csv"], _folder["b.csv"]], MaximumAgeSeconds = 10 });
        Assert.Equal(["1 100", "2 200", "3 300", "4 NaN"], All(source));
    }

    [Fact]
    public void Next_Interval_BringsRowsToAGrid()
    {
        Write("a.csv", "time,x\n0.2,1\n0.9,2\n2.5,3\n");
        using CsvSource source = Open(new SourceConfig { Type = SourceConfig.Csv, Path = _folder["a.csv"], IntervalSeconds = 1 });
        // At 0.2, 1.2, 2.2 and 3.2 seconds.
        Assert.Equal(["1", "2", "2", "3"], All(source));
    }

    [Fact]
    public void Next_Loop_BeginsAgain()
    {
        Write("a.csv", "x\n1\n2\n");
        using CsvSource source = Open(new SourceConfig { Type = SourceConfig.Csv, Path = _folder["a.csv"], Loop = true });
        Assert.Equal(["1", "2", "1", "2", "1"], Enumerable.Range(0, 5).Select(_ => Next(source)!.Value.Values));
    }

    [Fact]
    public void Next_AfterWarmUp_AllocatesNothing()
    {
        Write("a.csv", "time,x,y\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i},{i * 0.5},7\n")));
        using CsvSource source = Open();
        var pulse = new Pulse("test");
        source.Next(_frame, pulse, CancellationToken.None);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                source.Next(_frame, pulse, CancellationToken.None);
            }
        }));
    }

    [Theory]
    [InlineData("", null, "is empty")]
    [InlineData("a,b\n1,2\n", "when", "has no column 'when': it has a, b")]
    public void Open_NoTable_OneLineSaysWhy(string text, string? timeColumn, string expected)
    {
        Write("a.csv", text);
        SourceException e = Assert.Throws<SourceException>(() => Open(new SourceConfig { Type = SourceConfig.Csv, Path = _folder["a.csv"], TimeColumn = timeColumn }));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2020-02-29T23:59:59.25Z", "2020-02-29 23:59:59.2500000")]
    [InlineData("2020-02-29T23:59:59+02:30", "2020-02-29 21:29:59.0000000")]
    [InlineData("2020-02-29 23:59", "2020-02-29 23:59:00.0000000")]
    [InlineData("2020-02-29", "2020-02-29 00:00:00.0000000")]
    [InlineData("1.5", "1970-01-01 00:00:01.5000000")]
    [InlineData("2021-02-29", null)]
    [InlineData("2020-13-01", null)]
    [InlineData("2020-01-01 25:00", null)]
    [InlineData("2020-01-01T00:00:00+2", null)]
    [InlineData("1e300", null)]
    [InlineData("", null)]
    [InlineData("noon", null)]
    public void TryParse_Time_IsReadOrRefused(string text, string? expected)
    {
        bool isTime = TimeText.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out long ticks);
        Assert.Equal(expected, isTime ? new DateTime(ticks).ToString("yyyy-MM-dd HH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    [Fact]
    public void WaitForNext_WorkThatTakesTooLong_MissesSamplesAndKeepsTheGrid()
    {
        var clock = new SampleClock(TimeSpan.FromMilliseconds(2));
        for (int i = 0; i < 20; i++)
        {
            Assert.True(clock.WaitForNext(CancellationToken.None));
        }
        Assert.Equal(20, clock.Lateness.Count);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.False(new SampleClock(TimeSpan.FromHours(1)) is { } slow && slow.WaitForNext(CancellationToken.None) && slow.WaitForNext(stopped.Token));
    }

    public void Dispose()
    {
        _frame.Dispose();
        _folder.Dispose();
    }

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text);

    private CsvSource Open(SourceConfig? config = null) => new(config ?? new SourceConfig { Type = SourceConfig.Csv, Path = _folder["a.csv"] });

    private (string Time, string Values)? Next(CsvSource source)
    {
        if (!source.Next(_frame, new Pulse("test"), CancellationToken.None))
        {
            return null;
        }
        string values = string.Join(' ', Reading.Values(_frame).ToArray().Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return (new DateTime(Reading.Time(_frame), DateTimeKind.Utc).ToString("u"), values);
    }

    private List<string> All(CsvSource source)
    {
        var all = new List<string>();
        while (Next(source) is { } reading)
        {
            // Without the times.
            all.Add(string.Join(' ', reading.Values.Split(' ').Where((_, i) => i % 2 == 1)));
        }
        return all;
    }
}
