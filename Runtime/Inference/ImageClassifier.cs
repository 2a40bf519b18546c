using System.Diagnostics;
using Edge.Imaging;
using Edge.Packages;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>
/// A package's classifier from image file to classes: decode, preprocess, infer, postprocess. After warm-up an image allocates
/// nothing on the managed heap. One thread at a time; dispose it to give native memory back.
/// </summary>
public sealed class ImageClassifier : IDisposable
{
    private readonly ImageDecoder _decoder;
    private readonly PixelBuffer _pixels = new();
    private readonly Preprocessor _preprocessor;
    private readonly int _input;
    private readonly int _output;

    private ImageClassifier(Package package, ModelSession session)
    {
        Session = session;
        InputSpec input = package.Manifest.Input;
        OutputSpec output = package.Manifest.Output;
        _input = Find(session.Inputs, input.Tensor, "input", package.Source);
        _output = Find(session.Outputs, output.Tensor, "output", package.Source);
        TensorPort scores = session.Outputs[_output];
        if (scores.ElementType != TensorElementType.Float || scores.Length == 0)
        {
            throw new InferenceException($"{package.Source}: the model's output '{scores.Name}' is {scores}, not one float32 score a class");
        }
        Classifier = new Classifier(output, package.Labels, scores.Length);
        _preprocessor = new Preprocessor(input);
        _decoder = new ImageDecoder();
    }

    /// <summary>The model.</summary>
    public ModelSession Session { get; }

    /// <summary>What makes classes of scores; it knows the labels.</summary>
    public Classifier Classifier { get; }

    /// <summary>How long the last image took.</summary>
    public StageTimings Timings { get; private set; }

    /// <summary>Loads a package's classifier.</summary>
    /// <param name="package">The verified package; its task must be <see cref="ModelTask.Classify"/>.</param>
    /// <param name="settings">How the model is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <exception cref="InferenceException">Another task, the engine is missing or refuses the model, or model and manifest differ.</exception>
    public static ImageClassifier Open(Package package, SessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Task != ModelTask.Classify)
        {
            throw new InferenceException($"{package.Source}: the package's task is {package.Manifest.Task}, not image classification; use a package for that");
        }
        ModelSession session = ModelSession.Open(package, settings);
        try
        {
            return new ImageClassifier(package, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Classifies an image file.</summary>
    /// <param name="image">The bytes of a JPEG or PNG file.</param>
    /// <param name="source">The image's name, for messages.</param>
    /// <returns>The best classes, best first; valid until the next call.</returns>
    /// <exception cref="ImageException">The image cannot be decoded.</exception>
    /// <exception cref="InferenceException">The engine failed.</exception>
    public ReadOnlySpan<ClassScore> Classify(ReadOnlySpan<byte> image, string source = "image")
    {
        long start = Stopwatch.GetTimestamp();
        _decoder.Decode(image, _pixels, _preprocessor.DecodeOptions, source);
        return Classify(_pixels, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Classifies an image that is already decoded.</summary>
    /// <param name="image">The image, in the format that the manifest's colour order asks for.</param>
    /// <returns>The best classes, best first; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The image has another format.</exception>
    /// <exception cref="InferenceException">The engine failed.</exception>
    public ReadOnlySpan<ClassScore> Classify(PixelBuffer image) => Classify(image, decodeTicks: 0);

    /// <summary>Gives native memory back.</summary>
    public void Dispose()
    {
        _decoder.Dispose();
        _pixels.Dispose();
        Session.Dispose();
    }

    private ReadOnlySpan<ClassScore> Classify(PixelBuffer image, long decodeTicks)
    {
        long start = Stopwatch.GetTimestamp();
        _preprocessor.Run(image.View, Session.InputBytes(_input));
        long preprocessed = Stopwatch.GetTimestamp();
        Session.Run();
        long inferred = Stopwatch.GetTimestamp();
        ReadOnlySpan<ClassScore> best = Classifier.Run(Session.Output(_output));
        Timings = new StageTimings(decodeTicks, preprocessed - start, inferred - preprocessed, Stopwatch.GetTimestamp() - inferred);
        return best;
    }

    private static int Find(IReadOnlyList<TensorPort> ports, string? name, string kind, string source)
    {
        for (int i = 0; i < ports.Count; i++)
        {
            if (name is null || ports[i].Name == name)
            {
                return i;
            }
        }
        throw new InferenceException($"{source}: the model has no {kind} '{name}'; mend {kind}.tensor of the manifest");
    }
}
