using System.Text;
using Edge.Inference.Text;

namespace Edge.Inference.Tests;

public sealed class VocabularyTests
{
    [Fact]
    public void ToUtf8_Parse_GivesTheSame()
    {
        var words = new Vocabulary(TokenizerKind.Words, ["a", "é", "\"quoted\""], lowerCase: true, length: 20);
        Vocabulary read = Vocabulary.Parse(words.ToUtf8());
        Assert.Equal((TokenizerKind.Words, true, 20, 5), (read.Kind, read.LowerCase, read.Length, read.Count));
        Assert.Equal("é", read.Text(3));
        Assert.Equal(words.ToUtf8(), read.ToUtf8());

        var pairs = new Vocabulary([(99, 100), (258, 258)], lowerCase: false, length: 7);
        read = Vocabulary.Parse(pairs.ToUtf8());
        Assert.Equal((TokenizerKind.BytePairs, false, 7, 260), (read.Kind, read.LowerCase, read.Length, read.Count));
        Assert.Equal("abab", read.Text(259));
        Assert.Equal(pairs.ToUtf8(), read.ToUtf8());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"words","length":0,"tokens":[]}""")]
    [InlineData("""{"kind":"words","length":5,"tokens":["a","a"]}""")]
    [InlineData("""{"kind":"words","length":5,"tokens":[""]}""")]
    [InlineData("""{"kind":"words","length":5,"tokens":[null]}""")]
    [InlineData("""{"kind":"words","length":5,"tokens":["a"],"merges":[2,3]}""")]
    [InlineData("""{"kind":"bytePairs","length":5,"tokens":["a"]}""")]
    [InlineData("""{"kind":"bytePairs","length":5,"merges":[2]}""")]
    [InlineData("""{"kind":"bytePairs","length":5,"merges":[2,258]}""")]
    [InlineData("""{"kind":"bytePairs","length":5,"merges":[-1,2]}""")]
    [InlineData("""{"kind":"bytePairs","length":5,"merges":[2,3,2,3]}""")]
    [InlineData("""{"kind":"syllables","length":5,"tokens":[]}""")]
    [InlineData("""{"kind":7,"length":5,"tokens":[]}""")]
    [InlineData("""{"kind":"words","length":5,"tokens":[],"other":1}""")]
    public void Parse_Damaged_IsOneLineThatNamesTheFile(string json)
    {
        var e = Assert.Throws<InferenceException>(() => Vocabulary.Parse(Encoding.UTF8.GetBytes(json), "words.json"));
        Assert.StartsWith("words.json: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Text_DeepMerges_AreShownInPart()
    {
        // Each merge doubles the one before: the last would be 2^60 bytes long.
        var vocabulary = new Vocabulary([(99, 99), .. Enumerable.Range(258, 59).Select(id => (id, id))], lowerCase: false, length: 5);
        Assert.InRange(vocabulary.Text(317).Length, 1, 300);
    }
}
