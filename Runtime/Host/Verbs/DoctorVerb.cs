using System.CommandLine;
using Edge.Runtime.Diagnostics;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime doctor [--config FILE] [--hardware] [--json]</c>.</summary>
internal static class DoctorVerb
{
    internal static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "a configuration whose broker, keys and packages are to be looked at", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var hardware = new Option<bool>("--hardware") { Description = "list cameras, buses with the chips that answer, GPIO chips, sensors and the board's state instead" };
        var command = new Command("doctor", "Looks whether this machine has what the runtime needs, and says what is missing.") { config, hardware, json };
        command.SetAction(parsed => parsed.GetValue(hardware) ? HardwareReport.Print(parsed.GetValue(json)) : Doctor.Run(parsed.GetValue(config), parsed.GetValue(json)));
        return command;
    }
}
