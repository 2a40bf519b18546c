using System.Runtime.InteropServices;
using Edge.Foundation;
using Edge.Testing;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class AugmentationTests
{
    private static readonly Field Image = new("image", DataType.Float32, 3, 9, 13) { ChannelAxis = 0 };
    private static readonly Field Window = new("window", DataType.Float32, 20, 4) { ChannelAxis = 1 };
    private static readonly Field Tokens = new("tokens", DataType.Int64, 12);

    private static readonly (IAugmentation Augmentation, Field Field)[] Idle =
    [
        (new RandomFlip { Horizontal = 0 }, Image), (new RandomCrop { Padding = 0 }, Image), (new RandomResizedCrop { MinimumArea = 1, MaximumAspect = 1 }, Image),
        (new RandomAffine { Degrees = 0, Scale = 0, Translate = 0 }, Image), (new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 0 }, Image),
        (new GaussianBlur { Sigma = 0 }, Image), (new GaussianBlur { Probability = 0 }, Image), (new GaussianNoise { Sigma = 0 }, Image),
        (new GaussianNoise { Probability = 0 }, Image), (new RandomErasing { Probability = 0 }, Image), (new RandomErasing { MaximumArea = 0 }, Image),
        (new SensorJitter { Strength = 0 }, Window), (new SensorScale { Strength = 0 }, Window), (new TimeWarp { Strength = 0 }, Window),
        (new WordDrop { Probability = 0 }, Tokens),
    ];

    private static readonly (IAugmentation Augmentation, Field Field)[] Strong =
    [
        (new RandomFlip { Vertical = 0.5 }, Image), (new RandomCrop { Padding = 6 }, Image), (new RandomResizedCrop { MinimumArea = 0.05 }, Image),
        (new RandomAffine { Degrees = 180, Scale = 0.8, Shear = 40, Translate = 0.9 }, Image),
        (new ColorJitter { Brightness = 1, Contrast = 1, Saturation = 1, Hue = 0.5 }, Image), (new GaussianBlur { Sigma = 8, Probability = 1 }, Image),
        (new GaussianNoise { Sigma = 200, Probability = 1 }, Image), (new RandomErasing { MaximumArea = 1, Probability = 1 }, Image),
        (new SensorJitter { Strength = 1 }, Window), (new SensorScale { Strength = 1 }, Window), (new TimeWarp { Strength = 2 }, Window),
        (new WordDrop { Probability = 0.5 }, Tokens),
    ];

    [Fact]
    public void Apply_NoStrength_ChangesNoBit()
    {
        foreach ((IAugmentation augmentation, Field field) in Idle)
        {
            augmentation.Check(field);
            byte[] before = Sample(field, 3);
            for (ulong seed = 0; seed < 20; seed++)
            {
                Assert.Equal(before, Apply(augmentation, field, before, seed));
            }
        }
    }

    [Fact]
    public void Apply_SameSeed_GivesTheSameAndOthersDoNot()
    {
        foreach ((IAugmentation augmentation, Field field) in Strong)
        {
            augmentation.Check(field);
            byte[] before = Sample(field, 4);
            var results = new HashSet<string>();
            for (ulong seed = 0; seed < 40; seed++)
            {
                byte[] after = Apply(augmentation, field, before, seed);
                Assert.Equal(after, Apply(augmentation, field, before, seed));
                results.Add(Convert.ToHexString(after));
            }
            Assert.True(results.Count >= (augmentation is RandomFlip ? 4 : 15), $"{augmentation} gave {results.Count} results");
        }
    }

    [Fact]
    public void Apply_AnyStrength_StaysInRangeAndAllocatesNothing()
    {
        foreach ((IAugmentation augmentation, Field field) in Strong)
        {
            byte[] before = Sample(field, 5);
            for (ulong seed = 0; seed < 100; seed++)
            {
                byte[] after = Apply(augmentation, field, before, seed);
                if (field == Image)
                {
                    Assert.All(Floats(after), value => Assert.InRange(value, 0, 255));
                }
                else if (field == Window)
                {
                    Assert.All(Floats(after), value => Assert.True(float.IsFinite(value)));
                }
            }
            byte[] values = [.. before], scratch = new byte[field.Bytes];
            Assert.Equal(0, Allocations.Of(() =>
            {
                var random = new SplitMix64(1);
                augmentation.Apply(new AugmentedSample(field, values, scratch), ref random);
            }));
        }
    }

    [Fact]
    public void Flip_Always_MirrorsEveryRow()
    {
        float[] before = Floats(Sample(Image, 6)), after = Floats(Apply(new RandomFlip { Horizontal = 1 }, Image, Sample(Image, 6), 1));
        float[] turned = Floats(Apply(new RandomFlip { Horizontal = 0, Vertical = 1 }, Image, Sample(Image, 6), 1));
        for (int i = 0; i < before.Length; i++)
        {
            int row = i / 13, column = i % 13;
            Assert.Equal(before[(row * 13) + 12 - column], after[i]);
            Assert.Equal(before[((((row / 9 * 9) + 8 - (row % 9)) * 13) + column)], turned[i]);
        }
    }

    [Fact]
    public void Affine_QuarterAndHalfTurns_AreExact()
    {
        // A square turned by an exact half circle is itself read backwards.
        var field = new Field("image", DataType.Float32, 1, 5, 5) { ChannelAxis = 0 };
        byte[] sample = Sample(field, 7);
        byte[] values = [.. sample], scratch = new byte[field.Bytes];
        Bilinear.Transform(new AugmentedSample(field, values, scratch), -1, 0, 4, 0, -1, 4, 0);
        Assert.Equal(Floats(sample).Reverse(), Floats(values));
        values = [.. sample];
        Bilinear.Transform(new AugmentedSample(field, values, scratch), 1, 0, 2, 0, 1, 0, 9);
        for (int i = 0; i < 25; i++)
        {
            Assert.Equal(i % 5 < 3 ? Floats(sample)[i + 2] : 9, Floats(values)[i]);
        }
    }

    [Fact]
    public void Crop_EveryPlace_IsAShiftedImage()
    {
        byte[] sample = Sample(Image, 8);
        float[] before = Floats(sample);
        var shifts = new HashSet<(int, int)>();
        for (ulong seed = 0; seed < 300; seed++)
        {
            float[] after = Floats(Apply(new RandomCrop { Padding = 2, Fill = 77 }, Image, sample, seed));
            (int, int)? found = null;
            for (int down = -2; down <= 2; down++)
            {
                for (int right = -2; right <= 2; right++)
                {
                    found = IsShifted(before, after, right, down) ? (right, down) : found;
                }
            }
            Assert.NotNull(found);
            shifts.Add(found.Value);
        }
        Assert.Equal(25, shifts.Count);

        static bool IsShifted(float[] before, float[] after, int right, int down)
        {
            for (int i = 0; i < after.Length; i++)
            {
                int x = (i % 13) - right, y = (i / 13 % 9) - down;
                float expected = x is >= 0 and < 13 && y is >= 0 and < 9 ? before[(i / 117 * 117) + (y * 13) + x] : 77;
                if (after[i] != expected)
                {
                    return false;
                }
            }
            return true;
        }
    }

    [Fact]
    public void Blur_FlatImage_StaysFlat()
    {
        byte[] flat = new byte[Image.Bytes];
        MemoryMarshal.Cast<byte, float>(flat.AsSpan()).Fill(100);
        Assert.All(Floats(Apply(new GaussianBlur { Probability = 1, Sigma = 3 }, Image, flat, 4)), value => Assert.Equal(100, value, 1e-3f));
        Assert.All(Floats(Apply(new RandomResizedCrop(), Image, flat, 4)), value => Assert.Equal(100, value, 1e-3f));
    }

    [Fact]
    public void Color_GreyPixels_StayGreyWhateverTheHue()
    {
        byte[] grey = new byte[Image.Bytes];
        MemoryMarshal.Cast<byte, float>(grey.AsSpan()).Fill(90);
        Assert.All(Floats(Apply(new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 1, Hue = 0.5 }, Image, grey, 3)), value => Assert.Equal(90, value, 0.2f));
    }

    [Fact]
    public void TimeWarp_Ramp_StaysARampFromTheSameToTheSame()
    {
        byte[] ramp = new byte[Window.Bytes];
        Span<float> values = MemoryMarshal.Cast<byte, float>(ramp.AsSpan());
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i / 4;
        }
        for (ulong seed = 0; seed < 50; seed++)
        {
            float[] after = Floats(Apply(new TimeWarp { Strength = 1 }, Window, ramp, seed));
            Assert.Equal(0, after[0]);
            Assert.Equal(19, after[^1]);
            for (int i = 4; i < after.Length; i++)
            {
                Assert.True(after[i] >= after[i - 4]);
            }
        }
    }

    [Fact]
    public void WordDrop_Texts_KeepOrderAndAtLeastOneToken()
    {
        byte[] text = new byte[Tokens.Bytes];
        Span<long> tokens = MemoryMarshal.Cast<byte, long>(text.AsSpan());
        for (int i = 0; i < 7; i++)
        {
            tokens[i] = 10 + i;
        }
        for (ulong seed = 0; seed < 100; seed++)
        {
            long[] after = MemoryMarshal.Cast<byte, long>(Apply(new WordDrop { Probability = 1 }, Tokens, text, seed)).ToArray();
            Assert.Equal(1, after.Count(token => token != 0));
            Assert.NotEqual(0, after[0]);
            after = MemoryMarshal.Cast<byte, long>(Apply(new WordDrop { Probability = 0.4 }, Tokens, text, seed)).ToArray();
            long[] left = [.. after.TakeWhile(token => token != 0)];
            Assert.Equal(left.Order(), left);
            Assert.All(after[left.Length..], token => Assert.Equal(0, token));
        }
        Assert.Equal(new byte[Tokens.Bytes], Apply(new WordDrop(), Tokens, new byte[Tokens.Bytes], 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mixing_Batches_KeepSumsOfValuesAndTargets(bool cuts)
    {
        IBatchAugmentation mixing = cuts ? new CutMix { Probability = 1 } : new MixUp { Alpha = 1 };
        using var loader = new BatchLoader(
            TestData.Pictures(21).Prepare(Packages.Normalization.Unit(1)), new LoaderOptions { BatchSize = 7, Mixing = [mixing], Workers = 2 });
        using var plain = new BatchLoader(TestData.Pictures(21).Prepare(Packages.Normalization.Unit(1)), new LoaderOptions { BatchSize = 7 });
        using IEnumerator<Batch> others = plain.Epoch(0).GetEnumerator();
        int changed = 0;
        foreach (Batch batch in loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken))
        {
            others.MoveNext();
            float[] mixed = batch.Input(0).ToArray<float>(), original = others.Current.Input(0).ToArray<float>();
            Assert.Equal(original.Sum(), mixed.Sum(), 1e-2f);
            changed += original.AsSpan().SequenceEqual(mixed) ? 0 : 1;
            Assert.Equal([7, TestData.Classes], batch.Target.Shape);
            float[] shares = batch.Target.ToArray<float>();
            for (int row = 0; row < 7; row++)
            {
                Assert.Equal(1, shares.AsSpan(row * TestData.Classes, TestData.Classes).ToArray().Sum(), 1e-5f);
            }
            for (int c = 0; c < TestData.Classes; c++)
            {
                float all = Enumerable.Range(0, 7).Sum(row => shares[(row * TestData.Classes) + c]);
                Assert.Equal(others.Current.Classes.ToArray().Count(label => label == c), all, 1e-4f);
            }
        }
        Assert.Equal(3, changed);
    }

    [Fact]
    public void Check_WrongDataOrSettings_IsRefusedInOneLine()
    {
        foreach ((IAugmentation augmentation, Field field) in Strong)
        {
            Field other = field == Image ? Tokens : Image;
            Assert.DoesNotContain('\n', Assert.Throws<DataException>(() => augmentation.Check(other)).Message);
        }
        Assert.Throws<DataException>(() => new RandomAffine { Scale = 1 }.Check(Image));
        Assert.Throws<DataException>(() => new GaussianBlur { Sigma = double.NaN }.Check(Image));
        Assert.Throws<DataException>(() => new CutMix().Check(new MadeDataset(4)));
        Assert.Throws<DataException>(() => TestData.Pictures(4).Prepare(null, new TimeWarp()));
        Assert.Contains("did you mean 'timeWarp'", Assert.Throws<DataException>(() => AugmentationCatalog.Find("timewarp")).Message, StringComparison.Ordinal);
    }

    private static byte[] Sample(Field field, int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[field.Bytes];
        if (field == Tokens)
        {
            foreach (ref long token in MemoryMarshal.Cast<byte, long>(bytes.AsSpan())[..9])
            {
                token = random.Next(1, 1000);
            }
            return bytes;
        }
        foreach (ref float value in MemoryMarshal.Cast<byte, float>(bytes.AsSpan()))
        {
            value = random.Next(256);
        }
        return bytes;
    }

    private static byte[] Apply(IAugmentation augmentation, Field field, byte[] sample, ulong seed)
    {
        byte[] values = [.. sample], scratch = new byte[sample.Length];
        // What is in the working memory may not matter.
        new Random((int)seed).NextBytes(scratch);
        var random = new SplitMix64(seed);
        augmentation.Apply(new AugmentedSample(field, values, scratch), ref random);
        return values;
    }

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).ToArray();
}
