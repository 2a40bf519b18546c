using System.CommandLine;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Packages;

namespace Edge.Cli.Verbs;

/// <summary><c>edge package</c>: a model with all that a device needs to know, in one signed file.</summary>
internal static class PackageVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        var output = new Option<string?>("--output", "-o") { Description = "The package; NAME-VERSION.edgepkg unless given.", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "The package's name; the model file's unless given." };
        var version = new Option<string>("--version") { Description = "Its semantic version.", DefaultValueFactory = _ => "1.0.0", HelpName = "X.Y.Z" };
        var release = new Option<long>("--release") { Description = "Its release number, which only ever rises: devices refuse older ones.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var key = new Option<string?>("--key") { Description = "The private key that signs it.", HelpName = "FILE" };
        var unsigned = new Option<bool>("--unsigned") { Description = "Leave it unsigned; devices accept it only when told so." };
        var reference = new Option<string?>("--reference") { Description = "Results on reference data, as a file sink of edge-runtime wrote them: devices compare and tell drift.", HelpName = "FILE.jsonl" };
        Option<bool> json = CommonOptions.JsonOutput();
        var card = new CardOptions();
        var command = new Command("package", "Pack a model with its labels, input description and hashes into one signed file.") { model, output, name, version, release, key, unsigned, reference, json };
        card.AddTo(command);
        command.SetAction(parse =>
        {
            if (parse.GetValue(key) is null && !parse.GetValue(unsigned))
            {
                throw new PackageException("say which key signs the package (--key FILE; 'edge keygen' makes one), or --unsigned");
            }
            string source = parse.GetRequiredValue(model);
            OnnxModel loaded = OnnxModel.Load(source);
            var request = new PackageRequest
            {
                Name = parse.GetValue(name) ?? PackageName(source),
                Version = parse.GetRequiredValue(version),
                Release = parse.GetValue(release),
                KeyPath = parse.GetValue(key),
                ReferencePath = parse.GetValue(reference),
                OutputPath = parse.GetValue(output),
            };
            PackageResult result = ModelCard.Read(loaded, source) is null && SignalCard.Read(loaded, source) is { } signal
                ? Packager.Write(loaded, source, signal, request)
                : Packager.Write(loaded, source, card.Card(parse, loaded, source), request);
            return Show(result, request, parse.GetValue(json));
        });
        return command;
    }

    private static int Show(PackageResult result, PackageRequest request, bool json)
    {
        Screen.Line(json
            ? Json.Text(new { path = result.Path, bytes = result.Bytes, manifest = result.Manifest })
            : $"{result.Path}: {result.Manifest.Name} {result.Manifest.Version}, release {result.Manifest.Release}, {result.Bytes:N0} bytes, {(request.KeyPath is null ? "unsigned" : $"signed with {request.KeyPath}")}");
        return ExitCode.Success;
    }

    private static string PackageName(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
        return new string([.. stem.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]).TrimStart('-', '_', '.');
    }
}
