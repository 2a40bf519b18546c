using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>What augmentations ask of fields and of their own settings.</summary>
internal static class AugmentationCheck
{
    public static void Image(string name, Field input)
    {
        if (input.Type != DataType.Float32 || input.Shape.Length != 3 || input.ChannelAxis != 0)
        {
            throw new DataException($"{name}: works on images, not on {input}");
        }
    }

    public static void Window(string name, Field input)
    {
        if (input.Type != DataType.Float32 || input.Shape.Length != 2 || input.ChannelAxis != 1)
        {
            throw new DataException($"{name}: works on windows [rows, columns] of sensor readings, not on {input}");
        }
    }

    public static void Range(string name, string property, double value, double lower, double upper)
    {
        if (!(value >= lower && value <= upper))
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {property} is {value}; use {lower} to {upper}"));
        }
    }
}
