using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Edge.Graph.Passes;

namespace Edge.Cli.Import;

/// <summary><c>--normalize</c>: what callers do to pixels and the model is to do instead.</summary>
internal static class NormalizeOption
{
    private const string Example = "scale=1/255:mean=0.485,0.456,0.406:std=0.229,0.224,0.225";

    /// <summary>Nothing is done outside; the graph's own normalisation is meant.</summary>
    internal static InputNormalization GraphOnly { get; } = new();

    /// <summary>The option.</summary>
    /// <param name="purpose">What the verb does with it.</param>
    internal static Option<InputNormalization?> Create(string purpose) => new("--normalize")
    {
        Description = $"{purpose}: '{Example}', 'imagenet' for these numbers, or 'graph' for what the graph begins with.",
        HelpName = "HOW",
        CustomParser = Parse,
    };

    private static InputNormalization? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text == "graph")
        {
            return GraphOnly;
        }
        var parts = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (string part in (text == "imagenet" ? Example : text).Split(':'))
        {
            string[] pair = part.Split('=', 2);
            double[]? numbers = pair.Length == 2 && pair[0] is "scale" or "mean" or "std" ? Numbers(pair[1]) : null;
            if (numbers is null || !parts.TryAdd(pair[0], numbers) || (pair[0] == "scale" && numbers.Length != 1))
            {
                result.AddError($"--normalize: '{part}' is not understood; write {Example}, imagenet or graph");
                return null;
            }
        }
        var found = new InputNormalization
        {
            Scale = parts.TryGetValue("scale", out double[]? scale) ? scale[0] : 1,
            Mean = parts.GetValueOrDefault("mean", [0]),
            Deviation = parts.GetValueOrDefault("std", [1]),
        };
        try
        {
            found.Validate();
            return found;
        }
        catch (ArgumentException e)
        {
            result.AddError($"--normalize: {e.Message}");
            return null;
        }
    }

    // Numbers and quotients: 1/255.
    private static double[]? Numbers(string text)
    {
        string[] items = text.Split(',');
        double[] numbers = new double[items.Length];
        for (int index = 0; index < items.Length; index++)
        {
            double number = 1;
            string[] factors = items[index].Split('/');
            for (int part = 0; part < factors.Length; part++)
            {
                if (!double.TryParse(factors[part], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                {
                    return null;
                }
                number = part == 0 ? value : number / value;
            }
            numbers[index] = number;
        }
        return numbers;
    }
}
