using System.CommandLine;
using Edge.Foundation;

namespace Edge.Cli.Terminal;

/// <summary>One line about a command line that makes no sense.</summary>
internal static class ParseProblem
{
    /// <summary>Says what is wrong, and what was probably meant.</summary>
    /// <param name="parsed">A command line with at least one error.</param>
    internal static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = command is RootCommand ? "edge" : $"edge {command.Name}";
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return $"{parsed.Errors[0].Message.TrimEnd('.')} (see {name} --help)";
        }
        string token = parsed.UnmatchedTokens[0];
        bool isOption = token.StartsWith('-');
        IEnumerable<string> known = isOption ? command.Options.Select(option => option.Name) : command.Subcommands.Select(verb => verb.Name);
        string hint = NearestName.Of(token, known) is { } nearest ? $"did you mean '{nearest}'?" : $"see {name} --help";
        string kind = isOption ? $"an option of '{name}'" : command is RootCommand ? "a verb of edge" : $"something '{name}' takes";
        return $"'{token}' is not {kind}; {hint}";
    }
}
