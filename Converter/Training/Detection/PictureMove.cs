using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Edge.Foundation;

namespace Edge.Training.Detection;

/// <summary>
/// Which place of a picture is shown where: turned, mirrored and scaled about a point, and cut to a rectangle of the sample.
/// </summary>
internal readonly struct PictureMove
{
    private readonly int _left, _top, _right, _bottom;
    private readonly float _middleX, _middleY;
    private readonly float _sourceX, _sourceY;
    // From the sample to the picture, and back.
    private readonly float _xx, _xy, _yx, _yy;
    private readonly float _backXx, _backXy, _backYx, _backYy;

    private PictureMove((int Left, int Top, int Right, int Bottom) area, float sourceX, float sourceY, double angle, double scale, bool isMirrored)
    {
        (_left, _top, _right, _bottom) = area;
        (_middleX, _middleY) = ((_left + _right) / 2f, (_top + _bottom) / 2f);
        (_sourceX, _sourceY) = (sourceX, sourceY);
        (float sine, float cosine) = ((float)Math.Sin(angle), (float)Math.Cos(angle));
        float mirror = isMirrored ? -1 : 1, by = (float)scale;
        (_xx, _xy, _yx, _yy) = (mirror * cosine / by, mirror * sine / by, -sine / by, cosine / by);
        (_backXx, _backXy, _backYx, _backYy) = (mirror * cosine * by, -sine * by, mirror * sine * by, cosine * by);
    }

    /// <summary>Draws a move by the options.</summary>
    /// <param name="area">The rectangle that is filled: left, top, right, bottom.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="isPart">Whether any part of it will do, rather than its middle.</param>
    /// <param name="options">How far things go.</param>
    /// <param name="random">Chance.</param>
    public static PictureMove Draw((int Left, int Top, int Right, int Bottom) area, BoxedPicture picture, bool isPart, DetectionOptions options, ref SplitMix64 random)
    {
        double scale = options.ScaleLeast + (random.NextDouble() * (options.ScaleMost - options.ScaleLeast));
        double angle = Both(ref random) * options.Degrees * Math.PI / 180;
        bool isMirrored = random.NextDouble() < options.Flip;
        (double chanceX, double chanceY) = (Both(ref random), Both(ref random));
        // A part lies within the picture as far as it has room for it.
        double roomX = isPart ? Math.Max(0, (picture.Width - ((area.Right - area.Left) / scale)) / 2) : options.Translate * picture.Width;
        double roomY = isPart ? Math.Max(0, (picture.Height - ((area.Bottom - area.Top) / scale)) / 2) : options.Translate * picture.Height;
        return new PictureMove(area, (float)((picture.Width / 2.0) + (chanceX * roomX)), (float)((picture.Height / 2.0) + (chanceY * roomY)), angle, scale, isMirrored);
    }

    /// <summary>Copies the picture's pixels, bilinearly; the level around it where it does not reach.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="target">[height, width, 3] levels of the sample.</param>
    /// <param name="width">Columns of the sample, and of the picture's memory.</param>
    public void Copy(BoxedPicture picture, Span<byte> target, int width)
    {
        ReadOnlySpan<byte> source = picture.Pixels;
        int lastColumn = picture.Width - 1, lastRow = picture.Height - 1;
        for (int y = _top; y < _bottom; y++)
        {
            float dy = y + 0.5f - _middleY;
            Span<byte> row = target.Slice(((y * width) + _left) * 3, (_right - _left) * 3);
            for (int x = _left; x < _right; x++)
            {
                float dx = x + 0.5f - _middleX;
                float fx = _sourceX + (_xx * dx) + (_xy * dy) - 0.5f, fy = _sourceY + (_yx * dx) + (_yy * dy) - 0.5f;
                Span<byte> pixel = row.Slice((x - _left) * 3, 3);
                if (!(fx > -1 && fy > -1 && fx < picture.Width && fy < picture.Height))
                {
                    pixel.Fill(BoxedPictureStore.Padding);
                    continue;
                }
                int left = (int)MathF.Floor(fx), top = (int)MathF.Floor(fy);
                var shareX = Vector128.Create(fx - left);
                int x0 = Math.Max(left, 0), x1 = Math.Min(left + 1, lastColumn);
                int y0 = Math.Max(top, 0) * width, y1 = Math.Min(top + 1, lastRow) * width;
                Vector128<float> above = Between(Levels(source, y0 + x0), Levels(source, y0 + x1), shareX);
                Vector128<float> below = Between(Levels(source, y1 + x0), Levels(source, y1 + x1), shareX);
                Vector128<int> level = Vector128.ConvertToInt32(Between(above, below, Vector128.Create(fy - top)) + Vector128.Create(0.5f));
                (pixel[0], pixel[1], pixel[2]) = ((byte)level.GetElement(0), (byte)level.GetElement(1), (byte)level.GetElement(2));
            }
        }
    }

    /// <summary>Moves the picture's boxes along and cuts them; those of which too little is left go.</summary>
    /// <param name="boxes">The picture's boxes.</param>
    /// <param name="leastVisible">The share that must be left.</param>
    /// <param name="result">Where they are put, behind what is there.</param>
    public void Move(IReadOnlyList<BoxTarget> boxes, double leastVisible, List<BoxTarget> result)
    {
        foreach (BoxTarget item in boxes)
        {
            (float x, float y) = (((item.Box.Left + item.Box.Right) / 2) - _sourceX, ((item.Box.Top + item.Box.Bottom) / 2) - _sourceY);
            (float halfWidth, float halfHeight) = ((item.Box.Right - item.Box.Left) / 2, (item.Box.Bottom - item.Box.Top) / 2);
            (float middleX, float middleY) = (_middleX + (_backXx * x) + (_backXy * y), _middleY + (_backYx * x) + (_backYy * y));
            float reachX = (Math.Abs(_backXx) * halfWidth) + (Math.Abs(_backXy) * halfHeight), reachY = (Math.Abs(_backYx) * halfWidth) + (Math.Abs(_backYy) * halfHeight);
            var cut = new PixelEdges(Math.Max(middleX - reachX, _left), Math.Max(middleY - reachY, _top), Math.Min(middleX + reachX, _right), Math.Min(middleY + reachY, _bottom));
            float width = cut.Right - cut.Left, height = cut.Bottom - cut.Top;
            if (width >= 2 && height >= 2 && width * height >= leastVisible * 4 * reachX * reachY)
            {
                result.Add(new BoxTarget(item.Class, cut));
            }
        }
    }

    // Three channels, and a byte of the next pixel that nobody looks at.
    private static Vector128<float> Levels(ReadOnlySpan<byte> source, int place)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(source[(place * 3)..])).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
    }

    private static Vector128<float> Between(Vector128<float> from, Vector128<float> to, Vector128<float> share) => from + (share * (to - from));

    private static double Both(ref SplitMix64 random) => (random.NextDouble() * 2) - 1;
}
