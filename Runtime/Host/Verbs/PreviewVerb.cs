using System.CommandLine;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime preview PACKAGE DIR --out DIR</c>.</summary>
internal static class PreviewVerb
{
    internal static Command Create()
    {
        var package = new Argument<string>("PACKAGE") { Description = "a model package (.edgepkg)" };
        var images = new Argument<string>("DIR") { Description = "a folder of JPEG or PNG files" };
        var output = new Option<string>("--out") { Description = "where the drawn pictures and index.html go; made where it is missing", HelpName = "DIR", Required = true };
        var threshold = new Option<double?>("--threshold") { Description = "leave out what is less sure, 0 to 1; the package's own without it" };
        var trust = new TrustOptions();
        var engine = new EngineOptions();
        var command = new Command("preview", "Draws what a model sees in a folder of images, and makes a page of them to look through.") { package, images, output, threshold };
        trust.Apply(command);
        engine.Apply(command);
        command.SetAction(parsed => PreviewWork.Run(new PreviewRequest(
            parsed.GetRequiredValue(package),
            parsed.GetRequiredValue(images),
            parsed.GetRequiredValue(output),
            trust.Resolve(parsed),
            parsed.GetValue(threshold),
            engine.Resolve(parsed))));
        return command;
    }
}
