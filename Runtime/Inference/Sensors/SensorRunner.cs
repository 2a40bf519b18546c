using System.Diagnostics;
using Edge.Packages;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference.Sensors;

/// <summary>
/// One thread's use of a <see cref="SensorModel"/>: readings in, a result whenever a window is due. After warm-up a reading
/// allocates nothing on the managed heap. Dispose it to give native memory back.
/// </summary>
public sealed class SensorRunner : IDisposable
{
    private readonly ReadingWindow _window;
    private readonly Classifier? _classifier;
    private readonly ClassScore[] _best;
    private readonly int _input;
    private readonly int _output;
    private int _count;

    /// <summary>Takes over the session, unless it throws.</summary>
    internal SensorRunner(Package package, ModelSession session, WindowOptions options, int? topK)
    {
        SensorSpec spec = package.Manifest.Sensor!;
        OutputSpec output = package.Manifest.Output;
        Session = session;
        _window = new ReadingWindow(spec, options);
        _input = Find(session.Inputs, spec.Tensor, "input", package.Source);
        _output = Find(session.Outputs, output.Tensor, "output", package.Source);
        TensorPort input = session.Inputs[_input];
        int values = Math.Max(1, spec.Window) * spec.Columns.Count;
        if (input.ElementType != TensorElementType.Float || input.Length != values)
        {
            throw new InferenceException($"{package.Source}: the model's input '{input.Name}' is {input}, not {values} float32 values as the manifest says; make the package again");
        }
        TensorPort scores = session.Outputs[_output];
        bool isRebuilt = output.Family == OutputSpec.Reconstruction;
        if (scores.ElementType != TensorElementType.Float || (isRebuilt ? scores.Length != values : scores.Length == 0))
        {
            throw new InferenceException($"{package.Source}: the model's output '{scores.Name}' is {scores}, which does not fit the family '{output.Family}'; make the package again");
        }
        _classifier = isRebuilt ? null : new Classifier(output with { TopK = topK ?? output.TopK }, package.Labels, scores.Length);
        _best = new ClassScore[_classifier?.TopK ?? 0];
    }

    /// <summary>The model's tensors, as the last window left them.</summary>
    public ModelSession Session { get; }

    /// <summary>How many classes the model tells apart; 0 for one that rebuilds its input.</summary>
    public int Classes => _classifier?.Classes ?? 0;

    /// <summary>Classes below this probability are not named, 0 to 1.</summary>
    public float Threshold
    {
        get => _classifier?.Threshold ?? 0;
        set
        {
            if (_classifier is not null)
            {
                _classifier.Threshold = value;
            }
        }
    }

    /// <summary>The best classes of the last window, best first.</summary>
    public ReadOnlySpan<ClassScore> Best => _best.AsSpan(0, _count);

    /// <summary>The probability of every class in the last window; empty for a model that rebuilds its input.</summary>
    public ReadOnlySpan<float> Probabilities => _classifier is null ? [] : _classifier.Probabilities;

    /// <summary>How unusual the last window is: the mean squared distance of the normalised readings from what the model makes of them.</summary>
    public double AnomalyScore { get; private set; }

    /// <summary>How long the stages of the last window took.</summary>
    public StageTimings Timings { get; private set; }

    /// <summary>How often the window began anew.</summary>
    public long Cuts => _window.Cuts;

    /// <summary>Adds a reading, and runs the model where a window is due.</summary>
    /// <param name="time">When it was taken, in ticks of 100 ns.</param>
    /// <param name="values">One a column of the manifest; NaN where one is missing.</param>
    /// <returns>Whether there is a result.</returns>
    /// <exception cref="InferenceException">The engine failed.</exception>
    public bool TryRun(long time, ReadOnlySpan<float> values)
    {
        long start = Stopwatch.GetTimestamp();
        if (!_window.Add(time, values))
        {
            return false;
        }
        _window.CopyTo(Session.Input<float>(_input));
        long prepared = Stopwatch.GetTimestamp();
        Session.Run();
        long inferred = Stopwatch.GetTimestamp();
        ReadOnlySpan<float> output = Session.Output(_output);
        if (_classifier is null)
        {
            AnomalyScore = Distance(output, Session.Input<float>(_input));
        }
        else
        {
            ReadOnlySpan<ClassScore> best = _classifier.Run(output);
            best.CopyTo(_best);
            _count = best.Length;
        }
        Timings = new StageTimings(0, prepared - start, inferred - prepared, Stopwatch.GetTimestamp() - inferred);
        return true;
    }

    /// <summary>Gives native memory back.</summary>
    public void Dispose() => Session.Dispose();

    private static double Distance(ReadOnlySpan<float> output, ReadOnlySpan<float> input)
    {
        double sum = 0;
        for (int i = 0; i < input.Length; i++)
        {
            double error = (double)output[i] - input[i];
            sum += error * error;
        }
        return sum / input.Length;
    }

    private static int Find(IReadOnlyList<TensorPort> ports, string? name, string what, string source)
    {
        for (int i = 0; i < ports.Count; i++)
        {
            if (name is null || ports[i].Name == name)
            {
                return i;
            }
        }
        throw new InferenceException($"{source}: the model has no {what} '{name}'; mend the manifest");
    }
}
