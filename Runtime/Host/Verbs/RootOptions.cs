using System.CommandLine;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Verbs;

/// <summary>What every verb understands: <c>--log</c>, and <c>--version</c> without a verb.</summary>
internal static class RootOptions
{
    private static readonly Option<LogLevel> Level = new("--log")
    {
        Description = "how much the log says: error, warning, info, debug, trace",
        DefaultValueFactory = _ => LogLevel.Info,
        Recursive = true,
    };

    private static readonly Option<bool> Version = new("--version") { Description = "the version of this program and of its engine" };

    internal static void Apply(RootCommand root)
    {
        for (int i = root.Options.Count - 1; i >= 0; i--)
        {
            if (root.Options[i] is VersionOption)
            {
                root.Options.RemoveAt(i);
            }
        }
        root.Options.Add(Level);
        root.Options.Add(Version);
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(Version))
            {
                Console.Out.WriteLine($"edge-runtime {Product.Version}");
                Console.Out.WriteLine(Product.Engine);
                return Foundation.ExitCode.Success;
            }
            Console.Error.WriteLine("edge-runtime: which verb? run, check, schema, infer, preview, bench, sense, gpio, doctor (see edge-runtime --help)");
            return Foundation.ExitCode.BadInput;
        });
    }

    internal static void Use(ParseResult parsed) => Log.Level = parsed.GetValue(Level);
}
