using System.CommandLine;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Packages;

namespace Edge.Cli.Verbs;

/// <summary><c>edge keygen</c>: a key pair to sign packages with.</summary>
internal static class KeygenVerb
{
    internal static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The private key's file; the public half gets '.pub' appended.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replace a key that is there already." };
        var command = new Command("keygen", "Make a key pair to sign packages with (ECDSA P-256, PEM).") { file, force };
        command.SetAction(parse => Run(parse.GetRequiredValue(file), parse.GetValue(force)));
        return command;
    }

    private static int Run(string path, bool force)
    {
        if (!force && (File.Exists(path) || File.Exists(path + SigningKey.PublicSuffix)))
        {
            throw new PackageException($"{path}: a key is there already; devices trust it, so replacing it needs --force");
        }
        using SigningKey key = SigningKey.Generate();
        key.Save(path);
        Screen.Line($"private key  {path}  (keep it off the devices)");
        Screen.Line($"public key   {path}{SigningKey.PublicSuffix}  (devices trust this one)");
        return ExitCode.Success;
    }
}
