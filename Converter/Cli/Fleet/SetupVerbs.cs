using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Fleet;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Setup;
using Edge.Foundation;
using Edge.Packages;

namespace Edge.Cli.Fleet;

/// <summary>Making a fleet, and letting devices in.</summary>
internal static class SetupVerbs
{
    internal static Command Init()
    {
        var folder = new Argument<string>("folder") { Description = "The folder to make.", HelpName = "DIR" };
        var host = new Option<string[]>("--host") { Description = "A name or address by which devices reach the broker; repeat for more.", Required = true, HelpName = "HOST" };
        var port = new Option<int>("--port") { Description = "The broker's port for TLS.", DefaultValueFactory = _ => 8883, HelpName = "N" };
        var key = new Option<string[]>("--package-key") { Description = "A public key of whoever signs packages; repeat for more.", Required = true, HelpName = "KEY.pub" };
        var root = new Option<string>("--root") { Description = "The first level of topics.", DefaultValueFactory = _ => "edge" };
        var command = new Command("init", "Make a fleet: authority, certificates, key, and the configuration of a mosquitto broker.") { folder, host, port, key, root };
        command.SetAction(parse =>
        {
            string path = parse.GetRequiredValue(folder);
            if (parse.GetValue(port) is < 1 or > 65535)
            {
                throw new FleetException($"port {parse.GetValue(port)}: give 1 to 65535");
            }
            FleetInit.Create(path, parse.GetRequiredValue(host), parse.GetValue(port), parse.GetRequiredValue(key), parse.GetRequiredValue(root), TimeProvider.System.GetUtcNow());
            Screen.Line($"broker   mosquitto -c {Path.Combine(path, "mosquitto.conf")}");
            Screen.Line($"server   edge fleet serve --fleet {path}");
            Screen.Line($"devices  edge fleet enroll NAME --fleet {path}");
            Screen.Line($"secrets  {Path.Combine(path, "ca.key")} and {Path.Combine(path, "fleet.key")}: keep copies, and keep them off the broker");
            return ExitCode.Success;
        });
        return command;
    }

    internal static Command Enroll()
    {
        var names = new Argument<string[]>("names") { Description = "The devices' names.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
        Option<string> folder = FleetOptions.Folder();
        var command = new Command("enroll", "Make what devices need: a certificate each, the keys that they trust, a configuration to begin with.") { names, folder };
        command.SetAction(parse =>
        {
            FleetFolder fleet = FleetFolder.Open(parse.GetRequiredValue(folder));
            foreach (string name in parse.GetRequiredValue(names))
            {
                Screen.Line($"{name}  {FleetInit.Enroll(fleet, name, TimeProvider.System.GetUtcNow())}");
            }
            return ExitCode.Success;
        });
        return command;
    }

    internal static Command Trust()
    {
        Option<string> output = CommonOptions.Output("The signed change of keys; name it as trust in fleet.json.");
        var version = new Option<long>("--number") { Description = "Greater than that of every change before.", Required = true, HelpName = "N" };
        var package = new Option<string[]>("--package-key") { Description = "A public key whose packages are trusted too; repeat for more.", HelpName = "KEY.pub" };
        var fleet = new Option<string[]>("--fleet-key") { Description = "A public key whose desired states are trusted too; repeat for more.", HelpName = "KEY.pub" };
        var revoke = new Option<string[]>("--revoke") { Description = "A public key that is trusted no more; repeat for more.", HelpName = "KEY.pub" };
        var key = new Option<string>("--key") { Description = "A private key whose packages devices trust: it signs the change.", Required = true, HelpName = "FILE" };
        var command = new Command("trust", "Sign a change of the keys that devices trust.") { output, version, package, fleet, revoke, key };
        command.SetAction(parse =>
        {
            var change = new TrustChange
            {
                Version = parse.GetValue(version),
                PackageKeys = [.. (parse.GetValue(package) ?? []).Select(path => VerifyingKey.Load(path).ToPem())],
                FleetKeys = [.. (parse.GetValue(fleet) ?? []).Select(path => VerifyingKey.Load(path).ToPem())],
                Revoked = [.. (parse.GetValue(revoke) ?? []).Select(path => VerifyingKey.Load(path).Fingerprint)],
            };
            using SigningKey signer = SigningKey.Load(parse.GetRequiredValue(key));
            TrustChange.Parse(change.ToUtf8());
            TrustFile.Write(parse.GetRequiredValue(output), DesiredSigner.Sign(change, signer));
            Screen.Line($"{parse.GetRequiredValue(output)}: change {change.Version}, {change.PackageKeys.Count + change.FleetKeys.Count} keys added, {change.Revoked.Count} revoked");
            return ExitCode.Success;
        });
        return command;
    }
}
