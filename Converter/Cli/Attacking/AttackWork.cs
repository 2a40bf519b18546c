using System.Globalization;
using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Judging;
using Edge.Judging.Attacking;
using Edge.Judging.Corruptions;
using Edge.Packages;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Cli.Attacking;

/// <summary>
/// Attacks a classifier. Gradients come from the training engine; whether the model errs is asked of ONNX Runtime, which is what
/// runs on the device.
/// </summary>
internal sealed class AttackWork : IDisposable
{
    private const int Batch = 50;
    private const int ExamplePictures = 6;

    private readonly JudgedModel _judged;
    private readonly SampleFeed _feed;
    private readonly ModelRunner _runner;
    private readonly ScoreKind _kind;
    private readonly AttackOptions _options;
    private readonly int[] _indices;
    private readonly int[] _labels;
    private readonly string[] _names;
    private readonly float[] _samples;
    private readonly CancellationToken _cancellation;
    private readonly List<AttackSample> _examples = [];
    private readonly ProgressBar _progress = new("attack");
    private readonly int _rounds;
    private int _round;

    private AttackWork(JudgedModel model, ModelCard? card, Dataset data, AttackOptions options, CancellationToken cancellation)
    {
        if (data.TargetKind != TargetKind.Class || data.Inputs[0].Type != DataType.Float32 || data.Inputs.Count != 1)
        {
            throw new ToolException($"{data.Name}: its samples are {data.Inputs[0]} for {data.TargetKind}; classifiers of pictures and readings can be attacked");
        }
        _judged = model;
        _feed = SampleFeed.Of(model, card, data);
        _runner = new ModelRunner(model, card, _feed, options.Threads);
        _kind = Predictions.Kind(model, card);
        _options = options;
        _cancellation = cancellation;
        _indices = JudgedData.Choose(data, options.Limit, options.Seed).Indices;
        _labels = [.. _indices.Select(data.ClassOf)];
        _names = [.. data.ClassNames];
        _samples = new float[(long)_indices.Length * _feed.SampleLength];
        for (int i = 0; i < _indices.Length; i++)
        {
            _feed.Read(_indices[i]).CopyTo(_samples, i * _feed.SampleLength);
        }
        _rounds = (options.Wanted.Count * options.Epsilons.Count) + (_feed.Picture is null ? 0 : options.Corruptions.Count * Corruption.Strengths);
    }

    /// <summary>Attacks.</summary>
    /// <exception cref="ToolException">Models or data of this kind cannot be attacked.</exception>
    /// <exception cref="DataException">The data do not fit the model.</exception>
    internal static AttackResult Run(JudgedModel model, ModelCard? card, Dataset data, AttackOptions options, CancellationToken cancellation)
    {
        using var work = new AttackWork(model, card, data, options, cancellation);
        return work.Run();
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    private AttackResult Run()
    {
        float[] inputs = _feed.ToModel(_samples);
        int[] clean = Predict(inputs);
        IReadOnlyList<AttackCurve> adversarial = _options.Wanted.Count == 0 ? [] : Adversarial(inputs);
        IReadOnlyList<AttackCurve> corrupted = _feed.Picture is { } size ? [.. _options.Corruptions.Select(corruption => Corrupted(corruption, size))] : [];
        return new AttackResult(_judged, _feed, _indices.Length, Accuracy(clean), adversarial, corrupted, _examples);
    }

    private List<AttackCurve> Adversarial(float[] inputs)
    {
        using var model = new DifferentiableModel(_judged.Model, _feed.Shape, _judged.Source);
        AttackBounds bounds = _feed is { Normalization: { } normalization, Picture: { } size } ? AttackBounds.OfPictures(normalization, _feed.IsChannelsLast ? 1 : size.Plane) : AttackBounds.None;
        var curves = new List<AttackCurve>();
        foreach (string attack in _options.Wanted)
        {
            var points = new List<AttackPoint>();
            foreach (float epsilon in _options.Epsilons)
            {
                float[] changed = Attack(model, attack, inputs, epsilon, bounds);
                int[] predicted = Predict(changed);
                points.Add(new AttackPoint(epsilon, Accuracy(predicted)));
                Show(attack == "pgd" && epsilon == _options.Epsilons[_options.Epsilons.Count / 2], changed, predicted, $"{attack}, ε = {epsilon.ToString(CultureInfo.InvariantCulture)}");
            }
            curves.Add(new AttackCurve(attack, points));
        }
        return curves;
    }

    private float[] Attack(DifferentiableModel model, string attack, float[] inputs, float epsilon, AttackBounds bounds)
    {
        float[] changed = new float[inputs.Length];
        int length = _feed.SampleLength;
        for (int first = 0; first < _labels.Length; first += Batch)
        {
            _cancellation.ThrowIfCancellationRequested();
            int taken = Math.Min(Batch, _labels.Length - first);
            float[] part = inputs[(first * length)..((first + taken) * length)];
            int[] labels = _labels[first..(first + taken)];
            float[] result = attack == "fgsm"
                ? GradientAttack.Fgsm(model, part, labels, epsilon, bounds)
                : GradientAttack.Pgd(model, part, labels, epsilon, bounds, _options.Steps, SplitMix64.Mix(_options.Seed, (ulong)first));
            result.CopyTo(changed, first * length);
        }
        return changed;
    }

    private AttackCurve Corrupted(Corruption corruption, PictureSize size)
    {
        var points = new List<AttackPoint>();
        for (int strength = 1; strength <= Corruption.Strengths; strength++)
        {
            _cancellation.ThrowIfCancellationRequested();
            float[] levels = [.. _samples];
            for (int i = 0; i < _indices.Length; i++)
            {
                corruption.Apply(levels.AsSpan(i * size.Length, size.Length), size, strength, SplitMix64.Mix(_options.Seed, (ulong)_indices[i]));
            }
            float[] changed = _feed.ToModel(levels);
            int[] predicted = Predict(changed);
            points.Add(new AttackPoint(strength, Accuracy(predicted)));
            Show(strength == 3, changed, predicted, $"{corruption.Name} {strength}");
        }
        return new AttackCurve(corruption.Name, points);
    }

    private int[] Predict(float[] inputs) =>
        new Predictions(_indices, _runner.Run(inputs, _indices.Length), _runner.Width, _labels, []).AsLogits(_names.Length, _kind).Classes();

    private double Accuracy(int[] predicted) => (double)predicted.Zip(_labels).Count(pair => pair.First == pair.Second) / predicted.Length;

    // Shows the same few pictures under every attack.
    private void Show(bool isExample, float[] changed, int[] predicted, string attack)
    {
        _progress.Show(++_round, _rounds);
        if (!isExample || _feed.Picture is null)
        {
            return;
        }
        int length = _feed.SampleLength;
        for (int i = 0; i < Math.Min(ExamplePictures, predicted.Length); i++)
        {
            float[] levels = _feed.ToLevels(changed.AsSpan(i * length, length));
            string name = predicted[i] < _names.Length ? _names[predicted[i]] : predicted[i].ToString(CultureInfo.InvariantCulture);
            _examples.Add(new AttackSample(_samples[(i * length)..((i + 1) * length)], levels, _names[_labels[i]], attack, name, predicted[i] == _labels[i]));
        }
    }
}
