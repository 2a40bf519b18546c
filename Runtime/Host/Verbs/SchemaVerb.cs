using System.CommandLine;
using Edge.Foundation;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime schema</c>.</summary>
internal static class SchemaVerb
{
    /// <summary>The name of the schema inside this program.</summary>
    internal const string Resource = "edge-runtime.schema.json";

    internal static Command Create()
    {
        var command = new Command("schema", "Prints the JSON Schema of the configuration, for editors and checkers.");
        command.SetAction(_ =>
        {
            using Stream output = Console.OpenStandardOutput();
            Open().CopyTo(output);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The schema's bytes.</summary>
    internal static Stream Open() => typeof(SchemaVerb).Assembly.GetManifestResourceStream(Resource)!;
}
