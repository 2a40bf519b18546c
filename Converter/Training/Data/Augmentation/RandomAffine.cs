using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Turns, scales, shears and moves an image, about its middle.</summary>
public sealed record RandomAffine : IAugmentation
{
    /// <summary>The most that it is turned, either way, in degrees.</summary>
    public double Degrees { get; init; } = 10;

    /// <summary>The most that it is scaled: 0.1 is 0.9 to 1.1.</summary>
    public double Scale { get; init; } = 0.1;

    /// <summary>The most that it is sheared, either way, in degrees.</summary>
    public double Shear { get; init; }

    /// <summary>The most that it is moved, either way, as a share of its sides.</summary>
    public double Translate { get; init; } = 0.1;

    /// <summary>The level where nothing is left to show, 0 to 255.</summary>
    public float Fill { get; init; }

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("affine", input);
        AugmentationCheck.Range("affine", "degrees", Degrees, 0, 180);
        AugmentationCheck.Range("affine", "scale", Scale, 0, 0.9);
        AugmentationCheck.Range("affine", "shear", Shear, 0, 60);
        AugmentationCheck.Range("affine", "translate", Translate, 0, 1);
        AugmentationCheck.Range("affine", "fill", Fill, 0, 255);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        double angle = Chance.Between(-Degrees, Degrees, ref random) * Math.PI / 180;
        double shear = Math.Tan(Chance.Between(-Shear, Shear, ref random) * Math.PI / 180);
        double scale = 1 / Chance.Between(1 - Scale, 1 + Scale, ref random);
        double middleX = (sample.Field.Shape[2] - 1) / 2.0, middleY = (sample.Field.Shape[1] - 1) / 2.0;
        double moveX = Chance.Between(-Translate, Translate, ref random) * sample.Field.Shape[2];
        double moveY = Chance.Between(-Translate, Translate, ref random) * sample.Field.Shape[1];
        if (angle == 0 && shear == 0 && scale == 1 && moveX == 0 && moveY == 0)
        {
            return;
        }
        // From a pixel of the result back to the image.
        (double sin, double cos) = Math.SinCos(-angle);
        double xx = scale * cos, xy = scale * (-sin + (shear * cos)), yx = scale * sin, yy = scale * (cos + (shear * sin));
        double fromX = -middleX - moveX, fromY = -middleY - moveY;
        Bilinear.Transform(sample, xx, xy, middleX + (xx * fromX) + (xy * fromY), yx, yy, middleY + (yx * fromX) + (yy * fromY), Fill);
    }
}
