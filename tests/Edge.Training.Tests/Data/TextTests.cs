using Edge.Inference.Text;
using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests;

public sealed class TextTests
{
    private const string Rows = "good film\tpos\nbad film\tneg\nGood, FILM!\tpos\nso bad\tneg\nnot good\tneg\n";

    [Fact]
    public void Tables_Columns_AreFound()
    {
        TextDataset data = TextDataset.FromTables([Table.Parse(Rows, "t")], new TextOptions { Length = 4 });
        Assert.Equal(["neg", "pos"], data.ClassNames);
        Assert.Equal(5, data.Count);
        Assert.Equal("Good, FILM!", data.TextOf(2));
        Assert.Equal([1, 0, 1, 0, 0], Enumerable.Range(0, 5).Select(data.ClassOf));
        Assert.Equal(data.ContentHash(0), data.ContentHash(2));
        Assert.NotEqual(data.ContentHash(0), data.ContentHash(1));
    }

    [Fact]
    public void WithVocabularyOf_TrainingPart_KnowsNothingElse()
    {
        TextDataset raw = TextDataset.FromTables([Table.Parse(Rows, "t")], new TextOptions { Length = 4, MinimumCount = 1 });
        Dataset training = raw.Part([0, 1]);
        TextDataset data = raw.WithVocabularyOf(training);
        // "film" twice, then by the letters.
        Assert.Equal(["film", "bad", "good"], Enumerable.Range(2, 3).Select(data.Vocabulary.Text));
        var sample = new SampleBuffer(data);
        sample.Read(2);
        Assert.Equal([4, 1, 2, 1], sample.Input<long>().ToArray());
        sample.Read(3);
        Assert.Equal([1, 3, 0, 0], sample.Input<long>().ToArray());
        Assert.Equal(0, sample.Target<long>()[0]);
        // The same seed parts both alike.
        Dataset before = raw.Split(0.4, 0, 3).Validation!, after = data.Split(0.4, 0, 3).Validation!;
        Assert.Equal(Enumerable.Range(0, before.Count).Select(before.TextOf), Enumerable.Range(0, after.Count).Select(after.TextOf));
        Assert.Equal(0, Allocations.Of(() => sample.Read(1)));
    }

    [Fact]
    public void Load_Folder_HasAClassAFolder()
    {
        using var folder = new TemporaryFolder();
        foreach ((string name, string text) in new[] { ("spam/1.txt", "win"), ("spam/2.txt", "prize"), ("ham/1.txt", "see you") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllText(folder[name], text);
        }
        TextDataset data = TextDataset.Load(folder.Path, new TextOptions());
        Assert.Equal(["ham", "spam"], data.ClassNames);
        Assert.Equal(["see you", "win", "prize"], Enumerable.Range(0, 3).Select(data.TextOf));
        Assert.Throws<DataException>(() => TextDataset.Load(folder["ham"], new TextOptions()));
    }

    [Fact]
    public void Build_Sizes_AreKept()
    {
        string[] texts = ["a a a b b c", "a b"];
        Assert.Equal(5, VocabularyBuilder.Build(texts, new TextOptions { MinimumCount = 1 }).Count);
        Assert.Equal(4, VocabularyBuilder.Build(texts, new TextOptions { MinimumCount = 2 }).Count);
        string[] many = [string.Join(' ', Enumerable.Range(0, 100))];
        Assert.Equal(16, VocabularyBuilder.Build(many, new TextOptions { MinimumCount = 1, MaximumVocabulary = 16 }).Count);
        Assert.Equal(5, VocabularyBuilder.Build(["ab🙂", "ab"], new TextOptions { Tokenizer = TokenizerKind.Characters, MinimumCount = 1 }).Count);
    }

    [Fact]
    public void Build_BytePairs_MergesTheMostFrequentFirst()
    {
        // Sennrich's own example: low ×5, lower ×2, newest ×6, widest ×3.
        string[] texts = [string.Join('\n', Enumerable.Repeat("low", 5).Concat(Enumerable.Repeat("lower", 2)).Concat(Enumerable.Repeat("newest", 6)).Concat(Enumerable.Repeat("widest", 3)))];
        Vocabulary vocabulary = VocabularyBuilder.Build(texts, new TextOptions { Tokenizer = TokenizerKind.BytePairs, MaximumVocabulary = 258 + 4 });
        // A space in front belongs to a word here, so pairs inside words that all have alike come first.
        Assert.Equal(262, vocabulary.Count);
        Assert.Equal("es", vocabulary.Text(258));
        Assert.Equal("est", vocabulary.Text(259));
        long[] ids = new long[8];
        int count = new TextEncoder(vocabulary).Encode("fastest", ids);
        Assert.Contains(259L, ids[..count]);
    }

    [Fact]
    public void Build_BytePairs_IsShorterThanBytesAndComesBack()
    {
        string path = SharedData.Path("data", "sentiment-labelled-sentences");
        TextDataset raw = TextDataset.Load($"{path}/amazon_cells_labelled.txt,{path}/yelp_labelled.txt", new TextOptions { Tokenizer = TokenizerKind.BytePairs, MaximumVocabulary = 2000, Length = 512 });
        Assert.Equal(2000, raw.Count);
        Assert.Equal(["0", "1"], raw.ClassNames);
        TextDataset data = raw.WithVocabularyOf(raw.Take(1500));
        Assert.InRange(data.Vocabulary.Count, 1500, 2000);
        long[] bytes = new long[512], ids = new long[512];
        long before = 0, after = 0;
        for (int i = 0; i < raw.Count; i++)
        {
            string text = raw.TextOf(i)!;
            before += new TextEncoder(raw.Vocabulary).Encode(text, bytes);
            int count = new TextEncoder(data.Vocabulary).Encode(text, ids);
            after += count;
        }
        Assert.True(after * 2 < before, $"{after} tokens for {before} bytes");
    }

    [Fact]
    public void Load_SmsSpam_IsReadAsItIs()
    {
        TextDataset data = TextDataset.Load(SharedData.Path("data", "sms-spam", "SMSSpamCollection.first4000"), new TextOptions());
        // One text has a line break in it.
        Assert.Equal(3999, data.Count);
        Assert.Equal(["ham", "spam"], data.ClassNames);
        DatasetSplit split = data.Split(0.1, 0.1, 1);
        var train = new HashSet<UInt128>(Enumerable.Range(0, split.Train.Count).Select(split.Train.ContentHash));
        Assert.DoesNotContain(Enumerable.Range(0, split.Test!.Count).Select(split.Test.ContentHash), train.Contains);
    }
}
