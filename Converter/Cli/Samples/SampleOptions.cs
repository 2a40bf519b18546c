using System.CommandLine;
using Edge.Cli.Import;
using Edge.Graph;
using Edge.Graph.Passes;

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

    private readonly Option<InputNormalization?> _normalize;

    private SampleOptions(Option<InputNormalization?> normalize) => _normalize = normalize;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="normalize">The verb's own option that says what is done to pixels; null adds one.</param>
    internal static SampleOptions AddTo(Command command, Option<InputNormalization?>? normalize = null)
    {
        var options = new SampleOptions(normalize ?? NormalizeOption.Create("What is done to the pixels of pictures before the model gets them"));
        command.Options.Add(options._samples);
        if (normalize is null)
        {
            command.Options.Add(options._normalize);
        }
        return options;
    }

    /// <summary>The files that were named; empty for none.</summary>
    internal IReadOnlyList<string> Files(ParseResult parse) => parse.GetValue(_samples) ?? [];

    /// <summary>The inputs that were named; null for none.</summary>
    /// <exception cref="ModelFormatException">A file does not fit the model.</exception>
    internal SampleSet? Find(ParseResult parse, OnnxModel model, string source, IReadOnlyDictionary<string, double>? fill) =>
        Files(parse) is { Count: > 0 } files ? SampleSet.Of(model, source, files, parse.GetValue(_normalize), fill) : null;
}
