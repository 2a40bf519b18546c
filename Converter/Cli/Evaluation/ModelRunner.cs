using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Training.Data;

namespace Edge.Cli.Evaluation;

/// <summary>Runs a model over samples with ONNX Runtime, as the device would.</summary>
internal sealed class ModelRunner : IDisposable
{
    private const int PreferredBatch = 100;

    private readonly EngineSession _session;
    private readonly JudgedModel _model;
    private readonly int _output;

    /// <summary>Loads the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="card">What it gives; null where nobody says.</param>
    /// <param name="feed">What it is fed with.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    internal ModelRunner(JudgedModel model, ModelCard? card, SampleFeed feed, int threads)
    {
        _model = model;
        Feed = feed;
        _session = new EngineSession(model.Model, new EngineOptions { Threads = threads }, model.Source);
        _output = card?.Output.Tensor is { } name && _session.OutputNames.Contains(name) ? _session.OutputNames.ToList().IndexOf(name) : 0;
    }

    /// <summary>What the model is fed with.</summary>
    internal SampleFeed Feed { get; }

    /// <summary>Samples at a time.</summary>
    private int BatchSize => Feed.FixedBatch ?? PreferredBatch;

    /// <summary>Runs samples of the data set.</summary>
    /// <param name="indices">Which.</param>
    /// <param name="what">What the progress bar says.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    internal Predictions Predict(int[] indices, string what, CancellationToken cancellation)
    {
        var outputs = new List<float>();
        var targets = new List<float>();
        var progress = new ProgressBar(what);
        for (int first = 0; first < indices.Length; first += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int taken = Math.Min(BatchSize, indices.Length - first);
            // A model of a fixed batch gets its last one filled up with the first sample, whose results nobody looks at.
            int[] batch = [.. indices.AsSpan(first, taken), .. Enumerable.Repeat(indices[0], Feed.FixedBatch is { } size ? size - taken : 0)];
            var wanted = new List<float>();
            outputs.AddRange(Rows(_session.Run(Feed.Batch(batch, wanted))[_output], batch.Length).AsSpan(0, taken * Width));
            targets.AddRange(wanted.Take(wanted.Count / batch.Length * taken));
            progress.Show(first + taken, indices.Length);
        }
        return new Predictions(indices, [.. outputs], Width, [.. indices.Select(Feed.Data.ClassOf)], [.. targets]);
    }

    /// <summary>Runs samples that are not in the data set.</summary>
    /// <param name="values">As <see cref="SampleFeed.ToModel"/> gives them, one behind the other.</param>
    /// <param name="count">How many.</param>
    /// <returns>[count, <see cref="Width"/>].</returns>
    internal float[] Run(float[] values, int count)
    {
        var outputs = new List<float>();
        for (int first = 0; first < count; first += BatchSize)
        {
            int taken = Math.Min(BatchSize, count - first);
            int rows = Feed.FixedBatch ?? taken;
            float[] batch = new float[rows * Feed.SampleLength];
            values.AsSpan(first * Feed.SampleLength, taken * Feed.SampleLength).CopyTo(batch);
            outputs.AddRange(Rows(_session.Run(Feed.Tensors(batch, rows))[_output], rows).AsSpan(0, taken * Width));
        }
        return [.. outputs];
    }

    /// <summary>Runs one tensor that is a batch by itself.</summary>
    /// <param name="input">The model's only input.</param>
    /// <param name="count">How many samples it holds.</param>
    /// <returns>[count, <see cref="Width"/>].</returns>
    internal float[] Run(OnnxTensor input, int count) =>
        Rows(_session.Run(new Dictionary<string, OnnxTensor> { [_session.InputNames[0]] = input })[_output], count);

    /// <summary>Values that the model gives for a sample; known after the first run.</summary>
    internal int Width { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private float[] Rows(OnnxTensor output, int count)
    {
        if (output.Type != ElementType.Float || output.Length == 0 || output.Length % count != 0)
        {
            throw new DataException($"{_model.Source}: gives {output} for {count} samples, not float32 values for each; models of another kind cannot be judged here");
        }
        Width = (int)(output.Length / count);
        return output.ToArray<float>();
    }
}
