using Edge.Foundation;
using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>
/// Makes pictures with known objects: items of a set of grey pictures (such as Fashion-MNIST) in colour, of random size and angle,
/// partly behind each other, on textures with clutter and noise.
/// </summary>
/// <param name="items">The items: one channel, bright on black.</param>
/// <param name="options">What scenes look like.</param>
public sealed class SceneMaker(ImageDataset items, SceneOptions options)
{
    private const int Tries = 12;
    private const float Solid = 0.5f;

    /// <summary>Makes a scene. Several threads may.</summary>
    /// <param name="number">Which; with the seed it decides everything.</param>
    public Scene Make(int number)
    {
        int size = options.Size;
        var random = new SplitMix64(SplitMix64.Mix(options.Seed, (ulong)number));
        float[] pixels = new float[size * size * 3];
        SceneBackground.Paint(pixels, size, ref random);
        for (int i = random.Below(options.MostClutter + 1); i > 0; i--)
        {
            SceneBackground.Clutter(pixels, size, ref random);
        }
        var placed = new List<Placed>();
        int wanted = options.LeastItems + random.Below(options.MostItems - options.LeastItems + 1);
        // Whose pixel is seen: 0 for the background, else one more than the number of the item.
        int[] owners = new int[size * size];
        for (int i = 0; i < wanted; i++)
        {
            for (int attempt = 0; attempt < Tries; attempt++)
            {
                if (TryPlace(placed, owners, pixels, ref random))
                {
                    break;
                }
            }
        }
        byte[] levels = Finish(pixels, ref random);
        return new Scene(levels, size, [.. placed.Select(item => new TrueBox(item.Box, item.Class, item.Seen))]);
    }

    private bool TryPlace(List<Placed> placed, int[] owners, float[] pixels, ref SplitMix64 random)
    {
        int size = options.Size;
        int index = random.Below(items.Count);
        double side = size * (options.LeastScale + (random.NextDouble() * (options.MostScale - options.LeastScale)));
        double angle = ((random.NextDouble() * 2) - 1) * options.Degrees * Math.PI / 180;
        (double middleX, double middleY) = (side * 0.4 + (random.NextDouble() * (size - (side * 0.8))), side * 0.4 + (random.NextDouble() * (size - (side * 0.8))));
        bool isMirrored = random.Below(2) == 1;
        float[] cover = new float[size * size];
        float[] light = new float[size * size];
        Render(items.Image(index), middleX, middleY, side, angle, isMirrored, cover, light);
        int[] hidden = new int[placed.Count];
        (int left, int top, int right, int bottom, int count) = (size, size, 0, 0, 0);
        for (int place = 0; place < cover.Length; place++)
        {
            if (cover[place] < Solid)
            {
                continue;
            }
            (int y, int x) = Math.DivRem(place, size);
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
            count++;
            if (owners[place] > 0)
            {
                hidden[owners[place] - 1]++;
            }
        }
        bool hidesTooMuch = placed.Where((item, i) => item.Seen - hidden[i] < (1 - options.MostHidden) * item.Whole).Any();
        if (count < 16 || hidesTooMuch)
        {
            return false;
        }
        for (int i = 0; i < hidden.Length; i++)
        {
            placed[i] = placed[i] with { Seen = placed[i].Seen - hidden[i] };
        }
        placed.Add(new Placed(items.ClassOf(index), new PixelBox(left, top, right - left, bottom - top), count, count));
        Span<float> color = stackalloc float[3];
        // Lit from the front: what stands before a ground is brighter than it.
        SceneBackground.Color(color, 150, 255, ref random);
        for (int place = 0; place < cover.Length; place++)
        {
            for (int channel = 0; channel < 3 && cover[place] > 0; channel++)
            {
                ref float level = ref pixels[(place * 3) + channel];
                level += cover[place] * ((color[channel] * light[place]) - level);
            }
            owners[place] = cover[place] >= Solid ? placed.Count : owners[place];
        }
        return true;
    }

    // How much of each pixel the item covers, and how bright it is there.
    private void Render(ReadOnlySpan<byte> item, double middleX, double middleY, double side, double angle, bool isMirrored, float[] cover, float[] light)
    {
        int size = options.Size;
        (int width, int height) = (items.Width, items.Height);
        (double cosine, double sine) = (Math.Cos(angle) * width / side, Math.Sin(angle) * width / side);
        int reach = (int)(side * 0.75) + 2;
        for (int y = Math.Max(0, (int)middleY - reach); y < Math.Min(size, (int)middleY + reach); y++)
        {
            for (int x = Math.Max(0, (int)middleX - reach); x < Math.Min(size, (int)middleX + reach); x++)
            {
                (double dx, double dy) = (x + 0.5 - middleX, y + 0.5 - middleY);
                double u = (isMirrored ? -1 : 1) * ((dx * cosine) + (dy * sine)), v = (dy * cosine) - (dx * sine);
                float level = Sample(item, width, height, u + (width / 2.0) - 0.5, v + (height / 2.0) - 0.5);
                // Cloth is darker than its outline is black: what is faint belongs to the item all the same.
                cover[(y * size) + x] = Math.Clamp(level / 40, 0, 1);
                light[(y * size) + x] = 0.25f + (0.75f * level / 255);
            }
        }
    }

    private static float Sample(ReadOnlySpan<byte> item, int width, int height, double x, double y)
    {
        (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (float shareX, float shareY) = ((float)(x - left), (float)(y - top));
        float above = Level(item, width, height, left, top) + (shareX * (Level(item, width, height, left + 1, top) - Level(item, width, height, left, top)));
        float below = Level(item, width, height, left, top + 1) + (shareX * (Level(item, width, height, left + 1, top + 1) - Level(item, width, height, left, top + 1)));
        return above + (shareY * (below - above));
    }

    private static float Level(ReadOnlySpan<byte> item, int width, int height, int x, int y) =>
        (uint)x < (uint)width && (uint)y < (uint)height ? item[(y * width) + x] : 0;

    private byte[] Finish(float[] pixels, ref SplitMix64 random)
    {
        double noise = random.NextDouble() * options.MostNoise;
        float gain = 0.75f + (0.4f * (float)random.NextDouble());
        byte[] levels = new byte[pixels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            // The sum of four even numbers is nearly normal, with a variance of a third.
            double chance = random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2;
            levels[i] = (byte)Math.Clamp(Math.Round((pixels[i] * gain) + (noise * Math.Sqrt(3) * chance)), 0, 255);
        }
        return levels;
    }

    private sealed record Placed(int Class, PixelBox Box, int Whole, int Seen);
}
