using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Foundation;

namespace Edge.Cli.Fleet;

/// <summary><c>edge fleet groups</c>: names for queries.</summary>
internal static class GroupVerbs
{
    internal static Command Groups()
    {
        Option<string> folder = FleetOptions.Folder();
        Option<bool> json = CommonOptions.JsonOutput();
        var set = new Option<string?>("--set") { Description = "Name a group; its query follows with --devices.", HelpName = "NAME" };
        var devices = new Option<string?>("--devices") { Description = "Who belongs to it, such as 'site=vienna'.", HelpName = "QUERY" };
        var remove = new Option<string?>("--remove") { Description = "Forget a group.", HelpName = "NAME" };
        var command = new Command("groups", "Names for sets of devices; rollouts take the query as it is when they are made.") { folder, set, devices, remove, json };
        command.SetAction(parse =>
        {
            using FleetStore store = FleetFolder.Open(parse.GetRequiredValue(folder)).OpenStore();
            if (parse.GetValue(set) is { } name)
            {
                store.SetGroup(TopicName.Check(name, "group"), TagQuery.Parse(parse.GetValue(devices) ?? "").ToString());
            }
            if (parse.GetValue(remove) is { } gone)
            {
                store.SetGroup(gone, null);
            }
            IReadOnlyList<Device> all = store.Devices();
            var groups = store.Groups().Select(group => new { name = group.Key, query = group.Value, devices = all.Count(device => TagQuery.Parse(group.Value).Matches(device.Name, device.Tags)) }).ToList();
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(groups));
            }
            else
            {
                Screen.Table(["group", "devices are", "number"], groups.Select(group => (string[])[group.name, group.query, $"{group.devices}"]), texts: 2);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
