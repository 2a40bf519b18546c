using System.CommandLine;
using Edge.Cli.Inspection;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Inference;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>Options that state what an imported model expects; a model that Edge trained says it itself.</summary>
internal sealed class CardOptions
{
    private readonly Option<string?> _labels = new("--labels") { Description = "A text file with one class name a line, or 'coco' for the 80 classes of COCO.", HelpName = "FILE" };
    private readonly Option<float[]> _mean = Numbers("--mean", "Subtracted after scaling: one number, or one a channel.");
    private readonly Option<float[]> _std = Numbers("--std", "Divided by after subtracting: one number, or one a channel.");
    private readonly Option<float?> _scale = new("--scale") { Description = "Multiplies the pixels (0–255) first; 1/255 unless given.", HelpName = "X" };
    private readonly Option<ColorOrder?> _color = new("--color") { Description = "Channel order: rgb, bgr or grey." };
    private readonly Option<ResizeMode?> _resize = new("--resize") { Description = "How a picture is brought to size: stretch, letterbox or crop." };
    private readonly Option<ScoreKind?> _scores = new("--scores") { Description = "What a classifier gives: logits or probabilities." };

    private readonly Option<string?> _family = new("--family") { Description = $"How a detector's outputs are read: {string.Join(", ", DetectorFamilies.Names)}. Without it, as the outputs look.", HelpName = "NAME" };
    private readonly Option<PaddingPlace?> _paddingPlace = new("--padding-place") { Description = "Where a letterboxed picture lies: center or top-left.", CustomParser = Named<PaddingPlace> };
    private readonly Option<int?> _padding = new("--padding") { Description = "The grey level around a letterboxed picture, 0 to 255.", HelpName = "N" };
    private readonly Option<ResampleFilter?> _resample = new("--resample") { Description = "How pixels of another size are found: bilinear or area." };
    private readonly Option<bool> _scaledDecode = new("--scaled-decode") { Description = "Let devices decode large JPEGs at 1/2, 1/4 or 1/8 where that suffices: faster, a little different." };
    private readonly Option<float?> _threshold = new("--threshold") { Description = "Results below this probability are not reported.", HelpName = "X" };
    private readonly Option<float?> _iou = new("--iou") { Description = "Of two boxes that overlap more than this, a detector drops the less sure one.", HelpName = "X" };
    private readonly Option<int?> _maxDetections = new("--max-detections") { Description = "How many boxes a detector names at most.", HelpName = "N" };

    /// <summary>Adds the options to a verb.</summary>
    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _labels, _mean, _std, _scale, _color, _resize, _scores, _family, _paddingPlace, _padding, _resample, _scaledDecode, _threshold, _iou, _maxDetections })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The card of a model: its own, changed by what the options say, or made from graph and options.</summary>
    /// <exception cref="ModelFormatException">The model is none that takes one picture.</exception>
    internal ModelCard Card(ParseResult parse, OnnxModel model, string source)
    {
        ModelCard? own = ModelCard.Read(model, source);
        ModelCard card = own ?? FromGraph(model.Graph, source);
        string? family = parse.GetValue(_family) ?? (own is null ? Recognised(model, source) : null);
        if (family is not null && family != card.Output.Family)
        {
            card = DetectorCard.Of(card, family);
        }
        InputSpec input = card.Input with
        {
            Resample = parse.GetValue(_resample) ?? card.Input.Resample,
            ScaledDecode = parse.GetValue(_scaledDecode) ? true : card.Input.ScaledDecode,
        };
        if (parse.GetValue(_mean) is { Length: > 0 } mean)
        {
            input.Mean = mean;
        }
        if (parse.GetValue(_std) is { Length: > 0 } std)
        {
            input.Std = std;
        }
        input.Scale = parse.GetValue(_scale) ?? input.Scale;
        input.ColorOrder = parse.GetValue(_color) ?? input.ColorOrder;
        input.Resize = parse.GetValue(_resize) ?? input.Resize;
        input.PaddingPlace = parse.GetValue(_paddingPlace) ?? input.PaddingPlace;
        input.PaddingValue = parse.GetValue(_padding) ?? input.PaddingValue;
        OutputSpec output = card.Output with
        {
            Threshold = parse.GetValue(_threshold) ?? card.Output.Threshold,
            IouThreshold = parse.GetValue(_iou) ?? card.Output.IouThreshold,
            MaxDetections = parse.GetValue(_maxDetections) ?? card.Output.MaxDetections,
        };
        output.Scores = parse.GetValue(_scores) ?? output.Scores;
        input.Validate();
        output.Validate();
        return card with { Input = input, Output = output, Labels = parse.GetValue(_labels) is { } labels ? LabelLines.Read(labels) : card.Labels };
    }

    // Detectors are known by their outputs; what is only possible is left to the user.
    private static string? Recognised(OnnxModel model, string source)
    {
        OnnxModel copy = OnnxModel.Parse(model.ToBytes(), source);
        KnownShapes.Infer(copy, source, null);
        Guess? guess = ModelMeaning.Of(copy).FirstOrDefault(guess => guess.Kind == "detector" && guess.Family is not null && guess.Certainty != Certainty.Possible);
        if (guess is not null)
        {
            Screen.Note($"{source}: {guess}; read as --family {guess.Family} (say --family classifier or another if it is not)");
        }
        return guess?.Family;
    }

    private static ModelCard FromGraph(OnnxGraph graph, string source)
    {
        Value[] inputs = [.. graph.Inputs.Where(input => input.Constant is null)];
        if (inputs is not [{ Shape: { Rank: 4 } shape, ElementType: { } type }] || shape[1].Size is null && shape[3].Size is null)
        {
            throw new ModelFormatException($"{source}: takes {string.Join(", ", inputs.Select(input => input.ToString()))}; only models with one picture [N,C,H,W] or [N,H,W,C] as input are understood without a card");
        }
        bool isNchw = shape[1].Size is 1 or 3;
        (Dimension channels, Dimension height, Dimension width) = isNchw ? (shape[1], shape[2], shape[3]) : (shape[3], shape[1], shape[2]);
        if (channels.Size is not (1 or 3) || height.Size is null || width.Size is null)
        {
            throw new ModelFormatException($"{source}: input {inputs[0]} has no fixed picture size; export the model with one");
        }
        return new ModelCard
        {
            Task = ModelTask.Classify,
            Input = new InputSpec
            {
                Layout = isNchw ? TensorLayout.Nchw : TensorLayout.Nhwc,
                Dtype = type == ElementType.UInt8 ? InputType.UInt8 : type == ElementType.Float16 ? InputType.Float16 : InputType.Float32,
                Channels = (int)channels.Size,
                Height = (int)height.Size,
                Width = (int)width.Size,
                ColorOrder = channels.Size == 1 ? ColorOrder.Grey : ColorOrder.Rgb,
            },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
        };
    }

    // The names that manifests use: "top-left" is no name of a C# enum.
    private static T? Named<T>(System.CommandLine.Parsing.ArgumentResult result)
        where T : struct, Enum
    {
        string text = result.Tokens[0].Value;
        if (Enum.TryParse(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out T value) && Enum.IsDefined(value))
        {
            return value;
        }
        result.AddError($"'{text}' is none of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
        return null;
    }

    private static Option<float[]> Numbers(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X,…",
        CustomParser = result =>
        {
            try
            {
                return [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(part => float.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];
            }
            catch (FormatException)
            {
                result.AddError($"{name}: '{result.Tokens[0].Value}' is no list of numbers such as 0.485,0.456,0.406");
                return [];
            }
        },
    };
}
