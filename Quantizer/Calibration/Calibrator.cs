using System.Numerics.Tensors;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.Calibration;

/// <summary>
/// Runs a model over calibration data and finds the range of each tensor of interest. Batches stream through:
/// memory is that of one batch's activations and of the observers, whatever the number of batches.
/// </summary>
public static class Calibrator
{
    /// <summary>Finds the ranges.</summary>
    /// <param name="model">The float model; it is not changed.</param>
    /// <param name="tensors">Names of float32 values of its graph.</param>
    /// <param name="batches">Inputs by name; read once.</param>
    /// <param name="newObserver">Makes the observer of one tensor.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>The range of every tensor asked for.</returns>
    /// <exception cref="QuantizationException">There is no batch, or a tensor holds NaN or infinity.</exception>
    public static IReadOnlyDictionary<string, TensorRange> Run(
        OnnxModel model,
        IReadOnlyCollection<string> tensors,
        IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> batches,
        Func<IRangeObserver> newObserver,
        int threads = 0,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(newObserver);
        OnnxModel tapped = Tap(model, tensors);
        var observers = tensors.ToDictionary(name => name, _ => newObserver());
        using var session = new EngineSession(tapped, new EngineOptions { Threads = threads });
        IRangeObserver?[] byOutput = [.. session.OutputNames.Select(observers.GetValueOrDefault)];
        var inputs = observers.Where(pair => model.Graph.Find(pair.Key) is { IsGraphInput: true }).ToList();
        int count = 0;
        foreach (IReadOnlyDictionary<string, OnnxTensor> batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            session.Visit(batch, (index, values) => Observe(byOutput[index], session.OutputNames[index], values));
            foreach ((string name, IRangeObserver observer) in inputs)
            {
                Observe(observer, name, batch[name].AsSpan<float>());
            }
            count++;
        }
        return count == 0
            ? throw new QuantizationException("the calibration set is empty; give it at least a few dozen samples")
            : observers.ToDictionary(pair => pair.Key, pair => pair.Value.Range);
    }

    private static OnnxModel Tap(OnnxModel model, IReadOnlyCollection<string> tensors)
    {
        OnnxModel tapped = model.Copy();
        foreach (string name in tensors)
        {
            Value value = tapped.Graph.Find(name) ?? throw new ArgumentException($"the model has no value '{name}'", nameof(tensors));
            if (!value.IsGraphOutput && !value.IsGraphInput)
            {
                value.Type ??= new TensorType(ElementType.Float, null);
                tapped.Graph.AddOutput(value);
            }
        }
        return tapped;
    }

    private static void Observe(IRangeObserver? observer, string name, ReadOnlySpan<float> values)
    {
        if (observer is null)
        {
            return;
        }
        if (!values.IsEmpty && !float.IsFinite(TensorPrimitives.SumOfMagnitudes(values)) && TensorPrimitives.IndexOfMaxMagnitude(values) is var place && !float.IsFinite(values[place]))
        {
            throw new QuantizationException($"tensor '{name}' holds {values[place]} on the calibration data; look for a wrong input range or a broken weight before it");
        }
        observer.Observe(values);
    }
}
