using System.CommandLine;
using System.Globalization;
using Edge.Foundation;

namespace Edge.Tool;

/// <summary>
/// The command line of a program of this repository: options with their ranges, <c>--help</c>, and bad input in one line with
/// exit code 2.
/// </summary>
public sealed class ToolCommand
{
    private readonly RootCommand _root;

    /// <param name="purpose">What the program does, in one sentence.</param>
    public ToolCommand(string purpose)
    {
        _root = new RootCommand(purpose);
        Json = Text("--json", "FILE", "write the figures as JSON");
    }

    /// <summary>Where the figures are to be written; null where nowhere.</summary>
    public Option<string?> Json { get; }

    /// <summary>Adds a whole number.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="usual">Its value where it is not given.</param>
    /// <param name="purpose">What it is, for the help.</param>
    /// <param name="least">The least it may be.</param>
    public Option<int> Count(string name, int usual, string purpose, int least = 1) => Number(name, usual, purpose, value => value >= least, $"at least {least}");

    /// <summary>Adds a number above zero.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="usual">Its value where it is not given.</param>
    /// <param name="purpose">What it is, for the help.</param>
    public Option<double> Amount(string name, double usual, string purpose) => Number(name, usual, purpose, value => value > 0 && double.IsFinite(value), "more than 0");

    /// <summary>Adds the number that chance starts from.</summary>
    /// <param name="usual">Its value where it is not given.</param>
    public Option<ulong> Seed(Func<ulong> usual) => Add(new Option<ulong>("--seed") { Description = "repeats a run", HelpName = "N", DefaultValueFactory = _ => usual() });

    /// <summary>Adds a text; null where it is not given.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="value">What stands for it in the help.</param>
    /// <param name="purpose">What it is, for the help.</param>
    public Option<string?> Text(string name, string value, string purpose) => Add(new Option<string?>(name) { Description = purpose, HelpName = value });

    /// <summary>Adds something that is either said or not.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="purpose">What it is, for the help.</param>
    public Option<bool> Switch(string name, string purpose) => Add(new Option<bool>(name) { Description = purpose });

    /// <summary>Adds any option.</summary>
    /// <typeparam name="T">Its value's type.</typeparam>
    /// <param name="option">The option.</param>
    public Option<T> Add<T>(Option<T> option)
    {
        _root.Options.Add(option);
        return option;
    }

    /// <summary>Reads the command line and does the work.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="work">Gets the options' values; returns the exit code.</param>
    /// <returns>The exit code: 2 for bad input.</returns>
    public int Run(string[] args, Func<ParseResult, int> work)
    {
        _root.SetAction(work);
        ParseResult parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"{_root.Name}: {parsed.Errors[0].Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal)} (see --help)");
            return ExitCode.BadInput;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (InputException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.BadInput;
        }
    }

    private Option<T> Number<T>(string name, T usual, string purpose, Predicate<T> isGood, string range)
        where T : IParsable<T>
    {
        var option = new Option<T>(name)
        {
            Description = purpose,
            HelpName = "N",
            DefaultValueFactory = _ => usual,
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : null, CultureInfo.InvariantCulture, out T? value) && isGood(value))
                {
                    return value;
                }
                result.AddError($"{name} takes a number, {range}");
                return default;
            },
        };
        return Add(option);
    }
}
