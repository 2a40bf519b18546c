using System.CommandLine;
using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Training.Data;

namespace Edge.Cli.Verbs;

/// <summary><c>edge synth</c>: makes annotated pictures for a detector, where there are no photos.</summary>
internal static class SynthVerb
{
    internal static Command Create()
    {
        var defaults = new SceneOptions();
        var output = new Option<string>("--out", "-o") { Description = "The folder to write: train.json and val.json with the pictures in train/ and val/.", HelpName = "DIR", Required = true };
        Option<int> scenes = Number("--scenes", "Pictures to train with.", 2000);
        Option<int> validation = Number("--val", "Pictures to judge with, made of other items.", 500);
        Option<int> singles = Number("--singles", "Pictures of one item each, in singles/train and (a tenth as many) singles/test with a folder a class: for model.backbone to learn from.", 0);
        Option<int> size = Number("--size", "Columns and rows of a picture.", defaults.Size);
        Option<int> most = Number("--items", "Items in a picture, at most.", defaults.MostItems);
        var degrees = new Option<double>("--degrees") { Description = "How far items are turned at most, either way.", DefaultValueFactory = _ => defaults.Degrees, HelpName = "D" };
        var noise = new Option<double>("--noise") { Description = "The standard deviation of noise at most, in levels.", DefaultValueFactory = _ => defaults.MostNoise, HelpName = "S" };
        var items = new Option<string>("--data") { Description = "The items: 'fashion-mnist', or a folder of IDX files with grey pictures, bright on black.", DefaultValueFactory = _ => DatasetCatalog.FashionMnist, HelpName = "DATA" };
        var png = new Option<bool>("--png") { Description = "Write PNG files rather than JPEG." };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same pictures.", DefaultValueFactory = _ => 1, HelpName = "N" };
        Option<bool> json = CommonOptions.JsonOutput();
        var command = new Command("synth", "Make scenes of small items on textures, with annotations in COCO's format.") { output, scenes, validation, singles, size, most, degrees, noise, items, png, seed, json };
        command.SetAction((parse, cancellation) =>
        {
            string folder = parse.GetRequiredValue(output);
            var options = new SceneOptions
            {
                Size = parse.GetValue(size),
                LeastItems = Math.Min(defaults.LeastItems, parse.GetValue(most)),
                MostItems = parse.GetValue(most),
                Degrees = parse.GetValue(degrees),
                MostNoise = parse.GetValue(noise),
                Seed = parse.GetValue(seed),
            };
            options.Validate();
            (int train, int val) = (EvalVerb.Checked(parse.GetValue(scenes), 1, 1_000_000, "--scenes"), EvalVerb.Checked(parse.GetValue(validation), 1, 1_000_000, "--val"));
            (int trainObjects, int valObjects) = Write(folder, parse.GetRequiredValue(items), options, train, val, parse.GetValue(png), cancellation);
            int alone = EvalVerb.Checked(parse.GetValue(singles), 0, 1_000_000, "--singles");
            WriteSingles(folder, parse.GetRequiredValue(items), options, alone, cancellation);
            if (parse.GetValue(json))
            {
                Screen.Line(Json.Text(new { train = Path.Combine(folder, "train.json"), trainPictures = train, trainObjects, val = Path.Combine(folder, "val.json"), valPictures = val, valObjects, singles = alone, options.Seed }));
            }
            else
            {
                Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{folder}: train.json with {train:N0} pictures and {trainObjects:N0} objects, val.json with {val:N0} and {valObjects:N0}"));
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    /// <summary>Writes both parts: scenes to train with are made of the items to train with, those to judge with of the others.</summary>
    /// <returns>How many objects either part has.</returns>
    internal static (int Train, int Validation) Write(string folder, string source, SceneOptions options, int train, int validation, bool isPng, CancellationToken cancellation)
    {
        DatasetPair items = DatasetCatalog.Load(source);
        if (items.Train.Channels != 1)
        {
            throw new DataException($"{source}: its pictures are in colour; scenes are made of grey items, bright on black");
        }
        int trainObjects = SceneWriter.Write(folder, "train", new SceneMaker(items.Train, options), train, items.Train.ClassNames, isPng, cancellation);
        int valObjects = SceneWriter.Write(folder, "val", new SceneMaker(items.Test, options with { Seed = ~options.Seed }), validation, items.Test.ClassNames, isPng, cancellation);
        return (trainObjects, valObjects);
    }

    /// <summary>Writes pictures of one item each, where any are wanted: those to test with are made of the other items.</summary>
    internal static void WriteSingles(string folder, string source, SceneOptions options, int count, CancellationToken cancellation)
    {
        if (count == 0)
        {
            return;
        }
        DatasetPair items = DatasetCatalog.Load(source);
        SceneOptions single = options.Single();
        string path = Path.Combine(folder, "singles");
        SceneWriter.WriteSingles(path, "train", new SceneMaker(items.Train, single), count, items.Train.ClassNames, cancellation);
        SceneWriter.WriteSingles(path, "test", new SceneMaker(items.Test, single with { Seed = ~single.Seed }), Math.Max(1, count / 10), items.Test.ClassNames, cancellation);
    }

    private static Option<int> Number(string name, string description, int unless) => new(name) { Description = description, DefaultValueFactory = _ => unless, HelpName = "N" };
}
