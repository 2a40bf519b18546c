using System.Diagnostics;
using Edge.Imaging;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>
/// One thread's use of a <see cref="VisionModel"/>: image in, result out. After warm-up an image allocates nothing on the managed
/// heap. Dispose it to give native memory back.
/// </summary>
public sealed class VisionRunner : IDisposable
{
    private readonly ImageDecoder _decoder = new();
    private readonly PixelBuffer _pixels = new();
    private readonly Preprocessor _preprocessor;
    private readonly Postprocessor _postprocessor;
    private readonly VisionResult _result;
    private readonly int _input;

    /// <summary>Takes over the session, unless it throws.</summary>
    internal VisionRunner(Package package, ModelSession session, int? maxResults)
    {
        Manifest manifest = package.Manifest;
        // A manifest of an image task has it: Manifest.Validate.
        InputSpec input = manifest.Input!;
        Session = session;
        _input = Find(session.Inputs, input.Tensor, package.Source);
        var context = new HeadContext(input, manifest.Output, session.Outputs, package.Labels.Count, package.Source);
        if (manifest.Task == ModelTask.Detect)
        {
            var postprocessor = new DetectionPostprocessor(context, maxResults);
            _postprocessor = postprocessor;
            Classes = postprocessor.Classes;
            _result = new VisionResult(manifest.Task, 0, postprocessor.MaxDetections, postprocessor.Landmarks);
        }
        else
        {
            var postprocessor = new ClassPostprocessor(context, package.Labels, maxResults);
            _postprocessor = postprocessor;
            Classes = postprocessor.Classes;
            _result = new VisionResult(manifest.Task, postprocessor.TopK, 0);
        }
        _preprocessor = new Preprocessor(input);
    }

    /// <summary>The model's tensors, as the last image left them.</summary>
    public ModelSession Session { get; }

    /// <summary>How many classes the model tells apart.</summary>
    public int Classes { get; }

    /// <summary>Results below this probability are not reported, 0 to 1; the package's unless set. Holds from the next image on.</summary>
    public float Threshold
    {
        get => _postprocessor.Threshold;
        set
        {
            if (!(value is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "a threshold is 0 to 1");
            }
            _postprocessor.Threshold = value;
        }
    }

    /// <summary>Looks at an image file.</summary>
    /// <param name="file">The bytes of a JPEG or PNG file.</param>
    /// <param name="source">The image's name, for messages.</param>
    /// <returns>The result, valid until the next image.</returns>
    /// <exception cref="ImageException">The image cannot be decoded.</exception>
    /// <exception cref="InferenceException">The engine failed.</exception>
    public VisionResult Run(ReadOnlySpan<byte> file, string source = "image")
    {
        long start = Stopwatch.GetTimestamp();
        ImageInfo info = _decoder.Decode(file, _pixels, _preprocessor.DecodeOptions, source);
        return Run(_pixels.View, info.Width, info.Height, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Looks at an image that is decoded, in any format.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The result, valid until the next image.</returns>
    /// <exception cref="InferenceException">The engine failed.</exception>
    public VisionResult Run(in PixelView image) => Run(image, image.Width, image.Height, decodeTicks: 0);

    /// <summary>Gives native memory back.</summary>
    public void Dispose()
    {
        _decoder.Dispose();
        _pixels.Dispose();
        Session.Dispose();
    }

    // The pixels may be fewer than the image has, where its decoder was allowed to scale: boxes are in the image's own.
    private VisionResult Run(in PixelView pixels, int width, int height, long decodeTicks)
    {
        long start = Stopwatch.GetTimestamp();
        Placement placement = _preprocessor.Run(pixels, Session.InputBytes(_input));
        long preprocessed = Stopwatch.GetTimestamp();
        Session.Run();
        long inferred = Stopwatch.GetTimestamp();
        (_result.SourceWidth, _result.SourceHeight) = (width, height);
        _postprocessor.Run(Session, placement.InImage(pixels.Width, pixels.Height, width, height), _result);
        _result.Timings = new StageTimings(decodeTicks, preprocessed - start, inferred - preprocessed, Stopwatch.GetTimestamp() - inferred);
        return _result;
    }

    private static int Find(IReadOnlyList<TensorPort> ports, string? name, string source)
    {
        for (int i = 0; i < ports.Count; i++)
        {
            if (name is null || ports[i].Name == name)
            {
                return i;
            }
        }
        throw new InferenceException($"{source}: the model has no input '{name}'; mend input.tensor of the manifest");
    }
}
