using System.CommandLine;
using Edge.Packages;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Verbs;

/// <summary><c>--trust KEY.pub</c> and <c>--allow-unsigned</c>: whose packages a verb opens.</summary>
internal sealed class TrustOptions
{
    private readonly Option<string[]> _trust = new("--trust")
    {
        Description = "the public key of whoever signed the package; may be given several times",
        HelpName = "KEY.pub",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _allowUnsigned = new("--allow-unsigned") { Description = "open the package whoever signed it, or nobody" };

    internal void Apply(Command command)
    {
        command.Options.Add(_trust);
        command.Options.Add(_allowUnsigned);
    }

    /// <exception cref="ConfigException">Neither option is given, or both.</exception>
    internal PackageTrust Resolve(ParseResult parsed)
    {
        string[] keys = parsed.GetValue(_trust) ?? [];
        bool anyone = parsed.GetValue(_allowUnsigned);
        if (anyone == keys.Length > 0)
        {
            throw new ConfigException(anyone
                ? "--trust and --allow-unsigned contradict each other: give one"
                : "whose package is to be trusted? give --trust KEY.pub, or --allow-unsigned to try something out");
        }
        return anyone ? PackageTrust.AllowUnsigned : PackageTrust.Load(keys);
    }
}
