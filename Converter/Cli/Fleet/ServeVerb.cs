using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Fleet.Service;
using Edge.Fleet.Setup;
using Edge.Foundation;

namespace Edge.Cli.Fleet;

/// <summary><c>edge fleet serve</c>.</summary>
internal static class ServeVerb
{
    internal static Command Create()
    {
        Option<string> folder = FleetOptions.Folder();
        var command = new Command("serve", "Listen to devices and operators, and lead rollouts, until Ctrl-C.") { folder };
        command.SetAction((parse, cancellation) =>
        {
            using var server = new FleetServer(FleetFolder.Open(parse.GetRequiredValue(folder)), Log, TimeProvider.System);
            server.Run(cancellation);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Log(string line)
    {
        if (line.Length > 0)
        {
            Screen.Note(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {line}"));
        }
    }
}
