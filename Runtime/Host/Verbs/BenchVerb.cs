using System.CommandLine;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime bench PACKAGE --images DIR</c>.</summary>
internal static class BenchVerb
{
    internal static Command Create()
    {
        var package = new Argument<string>("PACKAGE") { Description = "a model package (.edgepkg)" };
        var images = new Option<string>("--images") { Description = "a folder of JPEG or PNG files", HelpName = "DIR", Required = true };
        var seconds = new Option<double>("--seconds") { Description = "how long to measure", HelpName = "N", DefaultValueFactory = _ => 5 };
        var json = new Option<bool>("--json") { Description = "print JSON" };
        var trust = new TrustOptions();
        var engine = new EngineOptions();
        var command = new Command("bench", "Measures every stage from file to result, beside the bare engine and the bare decoder on the same input.") { package, images, seconds, json };
        trust.Apply(command);
        engine.Apply(command);
        command.SetAction(parsed => BenchWork.Run(new BenchRequest(
            parsed.GetRequiredValue(package),
            parsed.GetRequiredValue(images),
            trust.Resolve(parsed),
            parsed.GetValue(seconds),
            parsed.GetValue(json),
            engine.Resolve(parsed))));
        return command;
    }
}
