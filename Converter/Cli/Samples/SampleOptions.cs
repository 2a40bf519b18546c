using System.CommandLine;
using Edge.Cli.Import;
using Edge.Graph;
using Edge.Graph.Passes;
using Edge.Packages;

namespace Edge.Cli.Samples;

/// <summary>The options by which a verb is given real inputs.</summary>
internal sealed class SampleOptions
{
    private readonly Option<string[]> _samples = new("--samples", "--inputs")
    {
        Description = "Real inputs: pictures, ONNX tensors (.pb), NumPy arrays (.npy), raw numbers (.bin), or folders of them. NAME=FILE where the model has several inputs.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<ColorOrder?> _color = new("--color")
    {
        Description = "The order of colours that the model takes of pictures: rgb or bgr. What the model's own card says, or rgb, unless given.",
        HelpName = "rgb|bgr",
        CustomParser = result =>
        {
            switch (result.Tokens[^1].Value)
            {
                case "rgb":
                    return ColorOrder.Rgb;
                case "bgr":
                    return ColorOrder.Bgr;
                case var other:
                    result.AddError($"--color: '{other}' is neither rgb nor bgr");
                    return null;
            }
        },
    };

    private readonly Option<InputNormalization?> _normalize;

    private SampleOptions(Option<InputNormalization?> normalize) => _normalize = normalize;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="normalize">The verb's own option that says what is done to pixels; null adds one.</param>
    internal static SampleOptions AddTo(Command command, Option<InputNormalization?>? normalize = null)
    {
        var options = new SampleOptions(normalize ?? NormalizeOption.Create("What is done to the pixels of pictures before the model gets them"));
        command.Options.Add(options._samples);
        command.Options.Add(options._color);
        if (normalize is null)
        {
            command.Options.Add(options._normalize);
        }
        return options;
    }

    /// <summary>The files that were named; empty for none.</summary>
    internal IReadOnlyList<string> Files(ParseResult parse) => parse.GetValue(_samples) ?? [];

    /// <summary>The order of colours that was asked for; null for none.</summary>
    internal ColorOrder? Color(ParseResult parse) => parse.GetValue(_color);

    /// <summary>The inputs that were named; null for none.</summary>
    /// <exception cref="ModelFormatException">A file does not fit the model.</exception>
    internal SampleSet? Find(ParseResult parse, OnnxModel model, string source, IReadOnlyDictionary<string, double>? fill) =>
        Files(parse) is { Count: > 0 } files ? SampleSet.Of(model, source, files, parse.GetValue(_normalize), parse.GetValue(_color), fill) : null;
}
