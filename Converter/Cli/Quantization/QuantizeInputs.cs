using System.CommandLine;
using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Packages;
using Edge.Quantizer;
using Edge.Training.Data;

namespace Edge.Cli.Quantization;

/// <summary>The options that name what to calibrate and to judge with, and what comes of them.</summary>
internal sealed class QuantizeInputs
{
    private const int LikenessSamples = 16;

    private readonly Option<string?> _data = new("--data") { Description = "A data set or recipe: calibrates with its training part, judges by its test part.", HelpName = "DATA" };
    private readonly Option<string?> _calib = new("--calib") { Description = "What to calibrate with: a folder of pictures or tensors, a COCO .json file, a data set, a recipe, or a table (.csv) of what the model was trained with.", HelpName = "DATA" };
    private readonly Option<string?> _eval = new("--eval") { Description = "What to judge by: annotated pictures (COCO .json, YOLO or VOC folder), pictures, a data set, a recipe or a table with the classes.", HelpName = "DATA" };
    private readonly Option<int> _samples = new("--calibration") { Description = "How many samples to calibrate with.", DefaultValueFactory = _ => 512, HelpName = "N" };
    private readonly Option<string?> _metric = new("--metric") { Description = "What classifiers are judged by: accuracy or f1 (of two classes the rarer one's). As the recipe says, or accuracy.", HelpName = "NAME" };
    private readonly Option<int> _limit = new("--limit") { Description = "Judge by this many samples of a data set; 0 takes all.", HelpName = "N" };

    /// <summary>What the user says about the model.</summary>
    internal CardOptions Card { get; } = new();

    /// <summary>Adds the options to a verb.</summary>
    internal void AddTo(Command command)
    {
        _metric.AcceptOnlyFromAmong(SampleJudge.Accuracy, SampleJudge.F1);
        foreach (Option option in new Option[] { _data, _calib, _eval, _samples, _limit, _metric })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Opens what was named.</summary>
    /// <exception cref="ToolException">Nothing to calibrate with was named, or it holds nothing.</exception>
    internal QuantizeRequest Request(ParseResult parse, JudgedModel model, QuantizationOptions options, int threads, bool isStatic, CancellationToken cancellation)
    {
        // Before data are read: a model that cannot be quantized is told from its file.
        var prepared = PreparedModel.Of(model.Model);
        if (isStatic)
        {
            _ = prepared.Tensors(options.Target);
        }
        string calib = parse.GetValue(_calib) ?? parse.GetValue(_data) ?? throw new ToolException("name what to calibrate with: --calib, or --data for a data set of both parts");
        string? eval = parse.GetValue(_eval) ?? parse.GetValue(_data);
        int samples = Verbs.EvalVerb.Checked(parse.GetValue(_samples), 1, int.MaxValue, "--calibration");
        IReadOnlyList<string> pictures = Take(CalibrationSource.Pictures(calib), samples);
        ModelCard? card;
        CalibrationSource source;
        JudgedSource? data = null;
        if (pictures.Count > 0)
        {
            card = Card.Card(parse, model.Model, model.Source);
            source = CalibrationSource.OfPictures(calib, pictures, model.Model, card);
        }
        else if (SignalData.IsFor(calib, model))
        {
            card = null;
            source = CalibrationSource.OfData(model, card, SignalData.Open(calib, model, isLabelled: false).Test, samples);
        }
        else if (IsData(calib))
        {
            data = JudgedSource.Open(calib, model);
            card = model.Card(parse, Card, data);
            source = CalibrationSource.OfData(model, card, data.Train ?? data.Test, samples);
        }
        else
        {
            card = ModelCard.Read(model.Model, model.Source);
            source = CalibrationSource.OfTensors(calib, model.Model, model.Source);
        }
        return new QuantizeRequest { Model = model, Card = card, Calibration = source, Options = options, Threads = threads, Judge = Judge(parse, eval, eval == calib ? data : null, model, card, source, threads, cancellation) };
    }

    private ModelJudge Judge(ParseResult parse, string? eval, JudgedSource? opened, JudgedModel model, ModelCard? card, CalibrationSource calibration, int threads, CancellationToken cancellation)
    {
        if (eval is null)
        {
            return new SimilarityJudge(model.Model, calibration.First(LikenessSamples), threads);
        }
        if (card?.Task == ModelTask.Detect && IsAnnotated(eval))
        {
            return new DetectionJudge(DetectionDataset.Load(eval), card, threads);
        }
        IReadOnlyList<string> pictures = CalibrationSource.Pictures(eval);
        if (pictures.Count > 0 && card is not null)
        {
            return card.Task == ModelTask.Detect
                ? new BoxJudge(model.Model, card, pictures, threads)
                : new SimilarityJudge(model.Model, CalibrationSource.OfPictures(eval, pictures, model.Model, card).First(int.MaxValue), threads);
        }
        if (!IsData(eval) && !SignalData.IsFor(eval, model))
        {
            return new SimilarityJudge(model.Model, CalibrationSource.OfTensors(eval, model.Model, model.Source).First(int.MaxValue), threads);
        }
        JudgedSource source = opened ?? JudgedSource.Open(eval, model);
        // Nothing is known of such samples but what the float model makes of them.
        return source.Test is { TargetKind: TargetKind.Input, ClassNames.Count: < 2 }
            ? new SimilarityJudge(model.Model, CalibrationSource.OfData(model, card, source.Test, LikenessSamples).First(LikenessSamples), threads)
            : new SampleJudge(model, card, source, parse.GetValue(_metric) ?? source.Metric, parse.GetValue(_limit), threads, cancellation);
    }

    private static IReadOnlyList<string> Take(IReadOnlyList<string> pictures, int count) => [.. pictures.Take(count)];

    private static bool IsAnnotated(string path) =>
        path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        || (Directory.Exists(path) && (Directory.Exists(Path.Combine(path, "labels")) || Directory.Exists(Path.Combine(path, "Annotations")) || Directory.EnumerateFiles(path, "*.xml").Any() || Directory.EnumerateFiles(path, "*.txt").Any()));

    // Recipes, names of data sets and folders of IDX files; everything else that exists is tensors.
    private static bool IsData(string path) =>
        path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || !Path.Exists(path)
        || (Directory.Exists(path) && Directory.EnumerateFiles(path, "*ubyte*").Any());
}
