using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests;

public sealed class TableTests
{
    [Fact]
    public void Parse_QuotesAndDelimiters_AreCutAsTheyShould()
    {
        Table table = Table.Parse("name,\"x, y\",z\r\n\"a \"\"b\"\"\", 1.5 ,\"line\nbreak\"\r\n\r\nc,,d", "t");
        Assert.Equal(["name", "x, y", "z"], table.ColumnNames);
        Assert.Equal(2, table.RowCount);
        Assert.Equal("a \"b\"", table.Text(0, 0));
        Assert.True(table.TryNumber(0, 1, out double number));
        Assert.Equal(1.5, number);
        Assert.Equal("line\nbreak", table.Text(0, 2));
        Assert.True(table.TryNumber(1, 1, out number));
        Assert.Equal(double.NaN, number);
        Assert.False(table.TryNumber(1, 0, out _));
        Assert.Equal(1, table.Column("x, y"));
        Assert.Equal(2, table.Column("2"));
    }

    [Theory]
    [InlineData("he said \"no\", twice\t0\nbad.\t1\n", 2, "0", "he said \"no\", twice")]
    [InlineData("first\t1\nbroken\t2\nline\nnext\t3", 3, "0", "first")]
    [InlineData("1;2\n3;4", 2, "0", "1")]
    [InlineData("a;b\n3;4", 1, "a", "3")]
    [InlineData("\"x\",\"y\"\n\"1\",\"7\",8\n\"2\",\"9\",10\n", 2, "", "1")]
    public void Parse_Unlabelled_FindsDelimiterAndHeader(string text, int rows, string firstName, string firstCell)
    {
        Table table = Table.Parse(text, "t");
        Assert.Equal(rows, table.RowCount);
        Assert.Equal(firstName, table.ColumnNames[0]);
        Assert.Equal(firstCell, table.Text(0, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\r\n")]
    [InlineData("a,b\n1,2\n1,2,3")]
    [InlineData("a,b\n1,2\n1")]
    [InlineData("a,b\n1,\"2\n")]
    public void Parse_Damaged_IsOneLine(string text)
    {
        var e = Assert.Throws<DataException>(() => Table.Parse(text, "bad.csv"));
        Assert.StartsWith("bad.csv: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Parse_RandomBytes_EndInATableOrOneLine()
    {
        var random = new Random(11);
        const string Signs = "ab1.,;\t\"\r\n 2-";
        for (int i = 0; i < 3000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Signs[random.Next(Signs.Length)]));
            try
            {
                Table table = Table.Parse(text, "t");
                for (int cell = 0; cell < table.RowCount * table.ColumnNames.Count; cell++)
                {
                    table.Text(cell / table.ColumnNames.Count, cell % table.ColumnNames.Count);
                }
            }
            catch (DataException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    [Fact]
    public void Load_MissingFileOrColumn_SaysWhich()
    {
        Assert.Contains("no such file", Assert.Throws<DataException>(() => Table.Load("/nowhere/x.csv")).Message, StringComparison.Ordinal);
        Table table = Table.Parse("light,co2\n1,2", "t");
        Assert.Contains("did you mean 'light'", Assert.Throws<DataException>(() => table.Column("lihgt")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dataset_Rows_HaveInputsClassesGroupsAndCohorts()
    {
        Table table = Table.Parse("who,x,y,kind,sex\nann,1,2,10,f\nbob,3,4,9,m\nann,5,6,9,f\n", "t");
        TableDataset data = TableDataset.From(table, new TableOptions { Labels = ["kind"], Group = "who", Cohort = "sex" });
        Assert.Equal(["x", "y"], data.ColumnNames);
        Assert.Equal(["9", "10"], data.ClassNames);
        Assert.Equal([1, 0, 0], Enumerable.Range(0, 3).Select(data.ClassOf));
        Assert.Equal([0, 1, 0], Enumerable.Range(0, 3).Select(data.GroupOf));
        Assert.Equal(["f", "m"], data.CohortNames);
        Assert.Equal([0, 1, 0], Enumerable.Range(0, 3).Select(data.CohortOf));
        var sample = new SampleBuffer(data);
        sample.Read(2);
        Assert.Equal([5, 6], sample.Input<float>().ToArray());
        Assert.Equal(0, sample.Target<long>()[0]);
    }

    [Fact]
    public void Dataset_Windows_StayInsideGroupsAndGaps()
    {
        string rows = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{(i < 20 ? "a" : "b")},{i + (i >= 30 ? 1000 : 0)},{i},{i / 10}"));
        Table table = Table.Parse($"group,t,x,label\n{rows}", "t");
        TableDataset data = TableDataset.From(table, new TableOptions
        {
            Columns = ["x"],
            Labels = ["label"],
            Group = "group",
            Time = "t",
            MaximumGap = TimeSpan.FromSeconds(5),
            Window = 4,
            Stride = 3,
        });
        Assert.Equal([4, 1], data.Inputs[0].Shape.ToArray());
        // 0–19, 20–29 and 30–39 are recordings of their own.
        Assert.Equal([0, 3, 6, 9, 12, 15, 20, 23, 26, 30, 33, 36], Enumerable.Range(0, data.Count).Select(data.RowOf));
        var sample = new SampleBuffer(data);
        sample.Read(2);
        Assert.Equal([6, 7, 8, 9], sample.Input<float>().ToArray());
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3], Enumerable.Range(0, data.Count).Select(data.ClassOf));
        Assert.Equal(1, data.GroupOf(11));
    }

    [Fact]
    public void Dataset_WindowsWithoutGroups_SplitWithoutCommonRows()
    {
        Table table = Table.Parse("x,y\n" + string.Join('\n', Enumerable.Range(0, 500).Select(i => $"{i},{i % 2}")), "t");
        TableDataset data = TableDataset.From(table, new TableOptions { Columns = ["x"], Labels = ["y"], Window = 5 });
        DatasetSplit split = data.Split(0.25, 0.25, 3);
        HashSet<float> train = Rows(split.Train), validation = Rows(split.Validation!), test = Rows(split.Test!);
        Assert.Empty(train.Intersect(validation));
        Assert.Empty(train.Intersect(test));
        Assert.Empty(validation.Intersect(test));
        Assert.InRange(validation.Count, 75, 175);

        static HashSet<float> Rows(Dataset part)
        {
            var rows = new HashSet<float>();
            var sample = new SampleBuffer(part);
            for (int i = 0; i < part.Count; i++)
            {
                sample.Read(i);
                rows.UnionWith(sample.Input<float>().ToArray());
            }
            return rows;
        }
    }

    [Fact]
    public void Dataset_SwitchThatIsMostlyOff_CanBeSplit()
    {
        Table table = Table.Parse("on,y\n" + string.Join('\n', Enumerable.Range(0, 400).Select(i => $"{(i % 10 == 0 ? 1 : 0)},{i % 2}")), "t");
        DatasetSplit split = TableDataset.From(table, new TableOptions { Columns = ["on"], Labels = ["y"], Window = 4 }).Split(0.2, 0.2, 1);
        Assert.True(split.Train.Count > split.Validation!.Count);
        Assert.True(split.Test!.Count > 10);
    }

    [Fact]
    public void Dataset_MissingValues_AreTreatedAsAsked()
    {
        const string Text = "x,y,z\n,1,0\n2,NA,0\n4,3,1\n,5,1\n8,?,1\n";
        Assert.Contains("data row 1, column 'x'", Assert.Throws<DataException>(() => Read(MissingValues.Refuse)).Message, StringComparison.Ordinal);
        Assert.Equal([4, 3], Read(MissingValues.Drop));
        Assert.Equal([2, 1, 4, 3, 4, 5, 8, 5], Read(MissingValues.ForwardFill));
        Assert.Equal([-1, 1, 2, -1, 4, 3, -1, 5, 8, -1], Read(MissingValues.Constant));
        TableDataset open = TableDataset.From(Table.Parse(Text, "t"), new TableOptions { Columns = ["x", "y"], Labels = ["z"], Missing = MissingValues.Mean });
        ChannelStatistics statistics = ChannelStatistics.Compute(open);
        Assert.Equal([14f / 3, 3], statistics.Mean);
        var sample = new SampleBuffer(open.Prepare(statistics.ToNormalization()));
        sample.Read(0);
        Assert.Equal(0, sample.Input<float>()[0]);
        Assert.Equal(-2 / statistics.Std[1], sample.Input<float>()[1], 1e-6f);

        static float[] Read(MissingValues missing)
        {
            TableDataset data = TableDataset.From(
                Table.Parse(Text, "t"), new TableOptions { Columns = ["x", "y"], Labels = ["z"], Missing = missing, Constant = -1 });
            var sample = new SampleBuffer(data);
            return [.. Enumerable.Range(0, data.Count).SelectMany(i =>
            {
                sample.Read(i);
                return sample.Input<float>().ToArray();
            })];
        }
    }

    [Fact]
    public void Dataset_TestLikeTraining_HasItsColumnsAndClasses()
    {
        TableOptions options = new() { Labels = ["k"] };
        TableDataset train = TableDataset.From(Table.Parse("x,k\n1,b\n2,a\n", "train"), options);
        TableDataset test = TableDataset.From(Table.Parse("k,extra,x\nb,5,7\n", "test"), options, train);
        Assert.Equal(["x"], test.ColumnNames);
        Assert.Equal(1, test.ClassOf(0));
        var e = Assert.Throws<DataException>(() => TableDataset.From(Table.Parse("x,k\n1,c\n2,c", "test"), options, train));
        Assert.Contains("'c' is a class that the training data does not have", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dataset_Values_AreTargetsOfTheirOwn()
    {
        TableDataset data = TableDataset.From(
            Table.Parse("a,b,c\n1,2,3\n4,5,6\n", "t"), new TableOptions { Labels = ["b", "c"], Target = TargetKind.Values });
        var sample = new SampleBuffer(data);
        sample.Read(1);
        Assert.Equal([4], sample.Input<float>().ToArray());
        Assert.Equal([5, 6], sample.Target<float>().ToArray());
        Assert.Equal(-1, data.ClassOf(1));
    }

    [Fact]
    public void Load_Occupancy_HasItsRows()
    {
        string path = SharedData.Path("data", "occupancy", "datatraining.txt");
        TableDataset data = TableDataset.Load(path, new TableOptions { Labels = ["Occupancy"], Time = "date", MaximumGap = TimeSpan.FromMinutes(5), Window = 30 });
        Assert.Equal(["Temperature", "Humidity", "Light", "CO2", "HumidityRatio"], data.ColumnNames);
        Assert.InRange(data.Count, 7000, 8143);
        Assert.Equal(["0", "1"], data.ClassNames);
        TableDataset test = TableDataset.Load(path.Replace("training", "test", StringComparison.Ordinal), new TableOptions { Labels = ["Occupancy"], Window = 30 }, data);
        Assert.Equal(2665 - 29, test.Count);
    }
}
