using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Packages;

namespace Edge.Cli.Verbs;

/// <summary><c>edge verify</c>: would a device accept this package?</summary>
internal static class VerifyVerb
{
    internal static Command Create()
    {
        var package = new Argument<string>("package") { Description = "An .edgepkg file.", HelpName = "PACKAGE" };
        var trust = new Option<string[]>("--trust") { Description = "A public key that may have signed it; repeat for more.", HelpName = "KEY.pub" };
        var unsigned = new Option<bool>("--allow-unsigned") { Description = "Look at sizes and hashes only." };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("verify", "Verify a package as a device does: signature, sizes, hashes, names.") { package, trust, unsigned, json };
        command.SetAction(parse => Run(parse.GetRequiredValue(package), parse.GetValue(trust) ?? [], parse.GetValue(unsigned), parse.GetValue(json)));
        return command;
    }

    private static int Run(string path, string[] keys, bool allowUnsigned, bool json)
    {
        if (keys.Length == 0 && !allowUnsigned)
        {
            throw new PackageException("say which key to trust (--trust KEY.pub), or --allow-unsigned to look at hashes only");
        }
        Package package = Package.Open(path, keys.Length > 0 ? PackageTrust.Load(keys) : PackageTrust.AllowUnsigned);
        Manifest manifest = package.Manifest;
        if (json)
        {
            Screen.Line(Json.Text(new { manifest, signedBy = package.SignedBy?.Name }));
            return ExitCode.Success;
        }
        Screen.Line($"{manifest.Name} {manifest.Version}, release {manifest.Release}: good, {(package.SignedBy is { } key ? $"signed by {key.Name}" : "signature not looked at")}");
        Screen.Table(["file", "bytes", "chunks", "sha-256"], manifest.Files.Select(file => (string[])[file.Path, $"{file.Size:N0}", $"{file.Chunks.Count}", file.Sha256[..16] + "…"]));
        return ExitCode.Success;
    }
}
