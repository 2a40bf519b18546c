using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using ClassScore = Edge.Inference.ClassScore;

namespace Edge.Runtime.Pipelines;

/// <summary>
/// A package's classifier as messages need it: classes and scores side by side, as many as asked for, and the times of the
/// stages. After warm-up an image allocates nothing on the managed heap. One thread at a time.
/// </summary>
internal sealed class FrameClassifier : IDisposable
{
    private readonly ImageClassifier _classifier;
    private readonly Classifier? _ranking;
    private readonly int _output;
    private readonly int[] _classes;
    private readonly float[] _scores;
    private int _count;

    /// <summary>Loads a package's model and runs its golden inputs, if it has any.</summary>
    /// <param name="package">The verified package.</param>
    /// <param name="settings">How the engine is to run it.</param>
    /// <param name="topK">How many classes a result names; null for as many as the package says.</param>
    /// <exception cref="InferenceException">The engine or the model is not usable here.</exception>
    /// <exception cref="ConfigException">A golden input gives something else on this machine.</exception>
    internal FrameClassifier(Package package, SessionSettings settings, int? topK)
    {
        OutputSpec spec = package.Manifest.Output;
        _classifier = ImageClassifier.Open(package, settings);
        try
        {
            CheckGolden(package, _classifier.Session);
            int count = Math.Min(topK ?? spec.TopK, _classifier.Classifier.Classes);
            if (count != Math.Min(spec.TopK, _classifier.Classifier.Classes))
            {
                _ranking = new Classifier(spec with { TopK = count }, package.Labels, _classifier.Classifier.Classes);
                _output = OutputIndex(_classifier.Session, spec.Tensor);
            }
            _classes = new int[count];
            _scores = new float[count];
        }
        catch
        {
            _classifier.Dispose();
            throw;
        }
        Labels = package.Labels;
        Model = new ModelReference { Name = package.Manifest.Name, Version = package.Manifest.Version, Release = package.Manifest.Release };
    }

    internal ModelReference Model { get; }

    internal IReadOnlyList<string> Labels { get; }

    /// <summary>Who computes, and why nobody better does.</summary>
    internal string Provider => _classifier.Session.ProviderReport.ToString();

    /// <summary>The best classes of the last image, best first.</summary>
    internal ReadOnlySpan<int> Classes => _classes.AsSpan(0, _count);

    /// <summary>Their probabilities.</summary>
    internal ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    /// <summary>Classifies an image file.</summary>
    /// <param name="file">The bytes of a JPEG or PNG file.</param>
    /// <param name="path">Its name, for messages; its ending must not contradict its content.</param>
    /// <param name="times">What it cost.</param>
    /// <exception cref="Imaging.ImageException">The image cannot be decoded.</exception>
    internal void Classify(ReadOnlySpan<byte> file, string path, out StageTimes times)
    {
        long start = Stopwatch.GetTimestamp();
        Imaging.ImageFormats.CheckName(path, file);
        ReadOnlySpan<ClassScore> best = _classifier.Classify(file, path);
        if (_ranking is not null)
        {
            best = _ranking.Run(_classifier.Session.Output(_output));
        }
        _count = best.Length;
        for (int i = 0; i < best.Length; i++)
        {
            _classes[i] = best[i].Index;
            _scores[i] = best[i].Probability;
        }
        StageTimings timings = _classifier.Timings;
        times = new StageTimes(
            Time(timings.Decode), Time(timings.Preprocess), Time(timings.Infer), Time(timings.Postprocess), Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Runs the engine alone, on the input that the last image has left in its tensor.</summary>
    internal void RunBare() => _classifier.Session.Run();

    public void Dispose() => _classifier.Dispose();

    private static TimeSpan Time(long ticks) => Stopwatch.GetElapsedTime(0, ticks);

    private static void CheckGolden(Package package, ModelSession session)
    {
        GoldenResult result = GoldenCheck.Run(package, session);
        if (result.Failed is { } input)
        {
            throw new ConfigException(
                $"{package.Source}: the golden input {input} gives another output on this machine (largest difference {result.LargestDifference}): try the provider cpu, or get a package made for this runtime");
        }
    }

    private static int OutputIndex(ModelSession session, string? name)
    {
        for (int i = 0; i < session.Outputs.Count; i++)
        {
            if (session.Outputs[i].Name == name)
            {
                return i;
            }
        }
        return 0;
    }
}
