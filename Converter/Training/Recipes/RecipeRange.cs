using System.Globalization;

namespace Edge.Training.Recipes;

/// <summary>The numbers that a key takes.</summary>
/// <param name="Least">The least number.</param>
/// <param name="Most">The largest number.</param>
/// <param name="WithoutLeast">Whether the least number itself is too little.</param>
/// <param name="WithoutMost">Whether the largest number itself is too much.</param>
public readonly record struct RecipeRange(double Least, double Most, bool WithoutLeast = false, bool WithoutMost = false)
{
    /// <summary>Whether a number is in the range; NaN never is.</summary>
    /// <param name="number">The number.</param>
    public bool Holds(double number) =>
        (WithoutLeast ? number > Least : number >= Least) && (WithoutMost ? number < Most : number <= Most);

    /// <summary>The range in words.</summary>
    public override string ToString() => (WithoutLeast, WithoutMost) switch
    {
        (false, false) => Text($"{Least} to {Most}"),
        (true, false) => Text($"above {Least}, at most {Most}"),
        (false, true) => Text($"{Least} to less than {Most}"),
        (true, true) => Text($"above {Least}, less than {Most}"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
