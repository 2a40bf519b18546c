using System.Text;
using Edge.Inference.Text;
using Edge.Testing;

namespace Edge.Inference.Tests;

public sealed class TextEncoderTests
{
    private static readonly Vocabulary Words = new(TokenizerKind.Words, ["the", "cat", "don't", "!", "über", "x-ray"], lowerCase: true, length: 8);

    // "th", "the", " the", "at"
    private static readonly Vocabulary Pairs = new([(Byte('t'), Byte('h')), (258, Byte('e')), (Byte(' '), 259), (Byte('a'), Byte('t'))], lowerCase: true, length: 12);

    [Theory]
    [InlineData("The cat, don't!", 5, new long[] { 2, 3, 1, 4, 5, 0, 0, 0 })]
    [InlineData("ÜBER x-ray -x ' 'the'", 8, new long[] { 6, 7, 1, 1, 1, 1, 2, 1 })]
    [InlineData("", 0, new long[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(" \t\n ", 0, new long[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("the the the the the the the the cat", 8, new long[] { 2, 2, 2, 2, 2, 2, 2, 2 })]
    public void Encode_Words_AreFoundFoldedAndPadded(string text, int count, long[] expected)
    {
        long[] ids = [9, 9, 9, 9, 9, 9, 9, 9];
        Assert.Equal(count, new TextEncoder(Words).Encode(text, ids));
        Assert.Equal(expected, ids);
    }

    [Fact]
    public void Encode_EndlessWord_IsOneUnknown()
    {
        long[] ids = new long[4];
        Assert.Equal(2, new TextEncoder(Words).Encode(new string('a', 100_000) + " cat", ids));
        Assert.Equal([1, 3, 0, 0], ids);
    }

    [Fact]
    public void Encode_Characters_TakesCodePoints()
    {
        var encoder = new TextEncoder(new Vocabulary(TokenizerKind.Characters, ["a", " ", "🙂", "É"], lowerCase: false, length: 8));
        long[] ids = new long[8];
        Assert.Equal(6, encoder.Encode("a 🙂É\ud83db", ids));
        Assert.Equal([2, 3, 4, 5, 1, 1, 0, 0], ids);
    }

    [Fact]
    public void Encode_BytePairs_MergesInTheOrderOfLearning()
    {
        long[] ids = new long[12];
        int count = new TextEncoder(Pairs).Encode("the cat The", ids);
        // "the", " ", "c", "at", " the"
        Assert.Equal(5, count);
        Assert.Equal([259, Byte(' '), Byte('c'), 261, 260], ids[..5]);
        Assert.Equal("the cat the", string.Concat(ids[..5].Select(id => new Vocabulary([(Byte('t'), Byte('h')), (258, Byte('e')), (Byte(' '), 259), (Byte('a'), Byte('t'))], true, 12).Text((int)id))));
    }

    [Fact]
    public void Encode_BytePairs_AnyTextComesBack()
    {
        var random = new Random(3);
        var encoder = new TextEncoder(new Vocabulary([], lowerCase: false, length: 2048));
        long[] ids = new long[2048];
        for (int i = 0; i < 200; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => char.ConvertFromUtf32(random.Next(4) == 0 ? random.Next(0x10000, 0x20000) : random.Next(33, 1000))));
            int count = encoder.Encode(text, ids);
            byte[] bytes = [.. ids[..count].Select(id => (byte)(id - Vocabulary.FirstByteId))];
            // Spaces between words are kept only as far as one belongs to the word behind it.
            string expected = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
            Assert.Equal(expected, string.Concat(Encoding.UTF8.GetString(bytes).Where(c => !char.IsWhiteSpace(c))));
        }
    }

    [Fact]
    public void Encode_AnyKind_AllocatesNothing()
    {
        long[] ids = new long[64];
        foreach (Vocabulary vocabulary in new[] { Words, Pairs, new Vocabulary(TokenizerKind.Characters, ["a", "b"], true, 64) })
        {
            var encoder = new TextEncoder(vocabulary);
            encoder.Encode("The cat saw über the x-ray, 🙂!", ids);
            Assert.Equal(0, Allocations.Of(() => encoder.Encode("The cat saw über the x-ray, 🙂!", ids)));
        }
    }

    private static int Byte(char c) => Vocabulary.FirstByteId + c;
}
