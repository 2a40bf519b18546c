using System.CommandLine;
using Edge.Cli.Terminal;

namespace Edge.Cli.Evaluation;

/// <summary>Options that the verbs which judge a model share.</summary>
internal sealed class JudgingOptions
{
    internal Argument<string> Model { get; } = new("model") { Description = "An ONNX model or an .edgepkg package.", HelpName = "MODEL" };

    internal Option<string?> Data { get; } = new("--data") { Description = "A data set ('fashion-mnist', or a folder with IDX files), or a recipe (.yaml): its test part judges. For a detector COCO JSON, or a folder of YOLO or Pascal VOC labels. What the model was trained with unless given.", HelpName = "DATA" };

    internal Option<int> Limit { get; } = new("--limit") { Description = "Look at this many samples, drawn by the seed; 0 takes all.", HelpName = "N" };

    internal Option<ulong> Seed { get; } = new("--seed") { Description = "The same seed gives the same result.", DefaultValueFactory = _ => 1, HelpName = "N" };

    internal Option<int> Threads { get; } = CommonOptions.Threads();

    internal Option<bool> Json { get; } = CommonOptions.JsonOutput();

    internal Option<string?> Html { get; } = new("--html") { Description = "Write a page to look at, complete in one file.", HelpName = "FILE" };

    /// <summary>Adds them to a verb.</summary>
    internal void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (Option option in new Option[] { Data, Limit, Seed, Threads, Json, Html })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The samples to judge by: the part that training never saw.</summary>
    internal JudgedSource Open(ParseResult parse, JudgedModel model) => JudgedSource.Open(parse.GetValue(Data), model);
}
