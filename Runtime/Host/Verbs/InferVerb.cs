using System.CommandLine;

namespace Edge.Runtime.Verbs;

/// <summary><c>edge-runtime infer PACKAGE IMAGE…</c>.</summary>
internal static class InferVerb
{
    internal static Command Create()
    {
        var package = new Argument<string>("PACKAGE") { Description = "a model package (.edgepkg)" };
        var images = new Argument<string[]>("IMAGE") { Description = "JPEG or PNG files", Arity = ArgumentArity.OneOrMore };
        var top = new Option<int?>("--top") { Description = "how many classes or boxes to print; without it as many as the package says", HelpName = "K" };
        var json = new Option<bool>("--json") { Description = "print JSON, one line an image, as the result topic carries it" };
        var draw = new Option<string?>("--draw") { Description = "write the picture with the results drawn on it: a .jpg or .png file, or a folder for several pictures", HelpName = "FILE" };
        var trust = new TrustOptions();
        var engine = new EngineOptions();
        var command = new Command("infer", "Looks at images and prints their classes, or the boxes of what is in them.") { package, images, top, draw, json };
        trust.Apply(command);
        engine.Apply(command);
        command.SetAction(parsed => InferWork.Run(new InferRequest(
            parsed.GetRequiredValue(package),
            parsed.GetRequiredValue(images),
            trust.Resolve(parsed),
            parsed.GetValue(top),
            parsed.GetValue(json),
            parsed.GetValue(draw),
            engine.Resolve(parsed))));
        return command;
    }
}
