using System.CommandLine;

namespace Edge.Cli.Terminal;

/// <summary>Options that several verbs share, so that they are named and explained once.</summary>
internal static class CommonOptions
{
    internal static Option<bool> JsonOutput() => new("--json") { Description = "Print the report as JSON." };

    internal static Option<string> Output(string description) => new("--output", "-o") { Description = description, Required = true, HelpName = "FILE" };

    internal static Argument<string> Model() => new("model") { Description = "An ONNX model.", HelpName = "MODEL" };

    internal static Option<string> Data() => new("--data") { Description = "The data set: 'fashion-mnist', or a folder with IDX files (named as MNIST's).", Required = true, HelpName = "DATA" };

    internal static Option<int> Threads() => new("--threads") { Description = "Threads; 0 takes one a core.", HelpName = "N" };
}
