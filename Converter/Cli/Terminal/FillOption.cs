using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Edge.Cli.Terminal;

/// <summary><c>--fill name=16000</c>: one value for a whole input, where random numbers make no sense.</summary>
internal static class FillOption
{
    internal static Option<Dictionary<string, double>> Create() => new("--fill")
    {
        Description = "Fill an input with one value instead of random numbers, such as a sample rate. Repeat for more inputs.",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = false,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Parse,
    };

    private static Dictionary<string, double> Parse(ArgumentResult result)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (Token token in result.Tokens)
        {
            int equals = token.Value.LastIndexOf('=');
            if (equals <= 0 || !double.TryParse(token.Value.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                result.AddError($"--fill: '{token.Value}' is no name with a number such as sr=16000");
                return values;
            }
            values[token.Value[..equals]] = value;
        }
        return values;
    }
}
