using System.CommandLine;
using Edge.Cli.Fleet.Demo;

namespace Edge.Cli.Fleet;

/// <summary><c>edge fleet</c>: new models to every device, in stages.</summary>
internal static class FleetVerb
{
    internal static Command Create() => new("fleet", "Publish releases, and bring them to devices over MQTT, wave by wave.")
    {
        SetupVerbs.Init(),
        SetupVerbs.Enroll(),
        SetupVerbs.Trust(),
        PublishVerbs.Publish(),
        PublishVerbs.Collect(),
        PublishVerbs.Releases(),
        ServeVerb.Create(),
        DeviceVerbs.Devices(),
        DeviceVerbs.Tag(),
        DeviceVerbs.Exclude(),
        DeviceVerbs.Include(),
        DeviceVerbs.Pin(),
        DeviceVerbs.Unpin(),
        GroupVerbs.Groups(),
        RolloutVerbs.Create(),
        RolloutVerbs.Audit(),
        FleetDemoVerb.Create(),
    };
}
