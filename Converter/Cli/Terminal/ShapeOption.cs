using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Edge.Graph;

namespace Edge.Cli.Terminal;

/// <summary><c>--input name=1,3,416,416</c>: sizes for inputs that leave some open.</summary>
internal static class ShapeOption
{
    internal static Option<Dictionary<string, TensorShape>> Create() => new("--input")
    {
        Description = "Fix the sizes of an input; '?' keeps what the model says of an axis. Repeat for more inputs.",
        HelpName = "NAME=1,3,H,W",
        AllowMultipleArgumentsPerToken = false,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Parse,
    };

    private static Dictionary<string, TensorShape> Parse(ArgumentResult result)
    {
        var shapes = new Dictionary<string, TensorShape>(StringComparer.Ordinal);
        foreach (Token token in result.Tokens)
        {
            // A tensor's name may hold '=' itself.
            int equals = token.Value.LastIndexOf('=');
            Dimension[]? sizes = equals > 0 ? Sizes(token.Value[(equals + 1)..]) : null;
            if (sizes is null)
            {
                result.AddError($"--input: '{token.Value}' is no name with sizes such as images=1,3,416,416");
                return shapes;
            }
            if (!shapes.TryAdd(token.Value[..equals], new TensorShape(sizes)))
            {
                result.AddError($"--input: '{token.Value[..equals]}' is given twice");
            }
        }
        return shapes;
    }

    private static Dimension[]? Sizes(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }
        string[] parts = text.Trim('[', ']').Split(',', 'x');
        var sizes = new Dimension[parts.Length];
        for (int axis = 0; axis < parts.Length; axis++)
        {
            if (parts[axis].Trim() == "?")
            {
                sizes[axis] = Dimension.Unknown;
            }
            else if (long.TryParse(parts[axis], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long size) && size is > 0 and <= int.MaxValue)
            {
                sizes[axis] = size;
            }
            else
            {
                return null;
            }
        }
        return sizes;
    }
}
