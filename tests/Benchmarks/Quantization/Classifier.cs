using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Benchmarks.Quantization;

/// <summary>Samples of one input with their classes.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Shape">The shape of a sample.</param>
/// <param name="Values">All samples, one behind the other.</param>
/// <param name="Classes">Their classes.</param>
internal sealed record Classifier(string Input, long[] Shape, float[] Values, int[] Classes)
{
    private int Length => (int)Shape.Aggregate(1L, (product, size) => product * size);

    internal IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Batches(int size, int count)
    {
        for (int start = 0; start < Math.Min(count, Classes.Length); start += size)
        {
            int taken = Math.Min(size, Math.Min(count, Classes.Length) - start);
            yield return new Dictionary<string, OnnxTensor> { [Input] = OnnxTensor.From<float>(Values.AsSpan(start * Length, taken * Length), [taken, .. Shape]) };
        }
    }

    /// <summary>The samples of some places.</summary>
    internal Classifier Part(Predicate<int> takes)
    {
        int[] places = [.. Enumerable.Range(0, Classes.Length).Where(index => takes(index))];
        return this with { Values = [.. places.SelectMany(index => Values.AsSpan(index * Length, Length).ToArray())], Classes = [.. places.Select(index => Classes[index])] };
    }

    internal double Accuracy(OnnxModel model, int batch)
    {
        using var session = new EngineSession(model, new EngineOptions { Threads = 1 });
        int right = 0;
        int index = 0;
        foreach (IReadOnlyDictionary<string, OnnxTensor> inputs in Batches(batch, Classes.Length))
        {
            OnnxTensor output = session.Run(inputs)[0];
            int width = (int)output.Dims[^1];
            ReadOnlySpan<float> values = output.AsSpan<float>();
            for (int row = 0; row < values.Length / width; row++, index++)
            {
                right += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(values.Slice(row * width, width)) == Classes[index] ? 1 : 0;
            }
        }
        return (double)right / Classes.Length;
    }
}
