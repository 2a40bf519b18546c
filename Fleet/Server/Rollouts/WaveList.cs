using System.Globalization;

namespace Edge.Fleet.Rollouts;

/// <summary>
/// Waves as people write them: <c>1,10%,50%</c> (totals, not steps; the whole group is always the last wave), or <c>2x4</c>:
/// 2 devices, then 8, 32, … until the group is through.
/// </summary>
public static class WaveList
{
    /// <summary>The most waves of a rollout.</summary>
    public const int Maximum = 64;

    private const int LongestText = 512;

    /// <summary>Reads waves.</summary>
    /// <param name="text">What was written.</param>
    /// <exception cref="FleetException">The text is no list of waves, or they do not grow.</exception>
    public static IReadOnlyList<WaveSize> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Require(text.Length is > 0 and <= LongestText, "the list is empty or too long");
        var waves = new List<WaveSize>();
        foreach (string part in text.Split(','))
        {
            string item = part.Trim();
            if (item.Split('x') is [string start, string factor])
            {
                AddGrowth(waves, Number(start, item), Number(factor, item));
            }
            else
            {
                bool isPercent = item.EndsWith('%');
                waves.Add(new WaveSize(Number(isPercent ? item[..^1] : item, item), isPercent));
            }
        }
        if (waves[^1] != WaveSize.Everyone)
        {
            waves.Add(WaveSize.Everyone);
        }
        Check(waves);
        return waves;
    }

    /// <summary>Checks waves that came from elsewhere.</summary>
    /// <param name="waves">The waves.</param>
    /// <exception cref="FleetException">They do not grow, or the last is not the whole group.</exception>
    public static void Check(IReadOnlyList<WaveSize> waves)
    {
        ArgumentNullException.ThrowIfNull(waves);
        Require(waves.Count is >= 1 and <= Maximum, $"there must be 1 to {Maximum}");
        Require(waves[^1] == WaveSize.Everyone, "the last must be 100%");
        for (int i = 0; i < waves.Count; i++)
        {
            WaveSize wave = waves[i];
            bool isRight = wave.IsPercent ? wave.Value is > 0 and <= 100 : wave.Value is >= 1 and <= int.MaxValue && wave.Value == Math.Floor(wave.Value);
            Require(isRight, "a count must be a whole number from 1, a share more than 0% and at most 100%");
            Require(i == 0 || waves[i - 1].IsPercent != wave.IsPercent || waves[i - 1].Value < wave.Value, "each must be larger than the one before");
        }
    }

    private static void AddGrowth(List<WaveSize> waves, double start, double factor)
    {
        Require(factor is >= 2 and <= 1000 && start >= 1, "growth is written START x FACTOR, as in 2x4, with a factor of 2 to 1000");
        for (double size = start; size < int.MaxValue; size = Math.Floor(size * factor))
        {
            waves.Add(new WaveSize(size, false));
        }
    }

    private static double Number(string text, string item) =>
        text.Length <= 16 && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new FleetException($"waves: \"{(item.Length > 32 ? item[..32] : item)}\" is no size: write a count (5), a share (10%) or growth (2x4)");

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new FleetException($"waves: {rule}: write for example 1,10%,50%");
        }
    }
}
