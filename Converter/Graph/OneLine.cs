using System.Text;

namespace Edge.Graph;

/// <summary>Texts for people that hold names from a file: such a name may hold line ends, terminal codes, or a million letters.</summary>
internal static class OneLine
{
    private const int Longest = 1_000;

    /// <summary>The text on one line of bearable length, control characters replaced.</summary>
    internal static string Of(string text)
    {
        if (text.Length <= Longest && !text.Any(char.IsControl))
        {
            return text;
        }
        var line = new StringBuilder(Longest + 1);
        foreach (char letter in text.Length <= Longest ? text : $"{text.AsSpan(0, Longest / 2)} … {text.AsSpan(text.Length - (Longest / 2))}")
        {
            line.Append(char.IsControl(letter) ? '\uFFFD' : letter);
        }
        return line.ToString();
    }
}
