using System.Diagnostics;
using System.Runtime.InteropServices;
using Edge.Foundation;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>Finds out whether a model is faster in batches on this machine, and whether a batch gives what single runs give.</summary>
internal static class BatchTrial
{
    /// <summary>A batch must save at least this share of the time: its runs wait for each other.</summary>
    private const double WorthWhile = 0.9;
    private const int WarmUpRuns = 2;
    private const int Runs = 5;
    private const float Tolerance = 1e-3f;

    /// <summary>Tries.</summary>
    /// <param name="model">The model.</param>
    /// <param name="capacity">The most runs in a batch.</param>
    /// <param name="lanes">How many single runs this machine does at the same time.</param>
    /// <returns>Whether batches are worth while; false also where the model takes none.</returns>
    internal static bool IsWorthWhile(LoadedModel model, int capacity, int lanes)
    {
        using ModelSession single = model.CreateSession();
        if (!HasFreeBatch(model, single))
        {
            return false;
        }
        try
        {
            using var batch = new Batch(model, single.Inputs, single.Outputs, capacity);
            return GivesTheSame(single, batch, capacity)
                && Measure(() => batch.Run(capacity)) < Measure(single.Run) * Math.Ceiling((double)capacity / lanes) * WorthWhile;
        }
        catch (OnnxRuntimeException)
        {
            // A model may leave the dimension open and yet take only one.
            return false;
        }
    }

    /// <summary>Whether the first dimension of every input and output is open.</summary>
    internal static bool HasFreeBatch(LoadedModel model, ModelSession session)
    {
        foreach (TensorPort port in session.Inputs)
        {
            if (model.Engine.InputMetadata[port.Name].Dimensions is not [< 0, ..])
            {
                return false;
            }
        }
        foreach (TensorPort port in session.Outputs)
        {
            if (model.Engine.OutputMetadata[port.Name].Dimensions is not [< 0, ..])
            {
                return false;
            }
        }
        return true;
    }

    private static unsafe bool GivesTheSame(ModelSession single, Batch batch, int capacity)
    {
        var random = new SplitMix64(1);
        var expected = new List<byte[]>();
        for (int place = 0; place < capacity; place++)
        {
            foreach (TensorPort port in single.Inputs)
            {
                Randomize(port, ref random);
            }
            batch.Fill(place, single.Inputs);
            single.Run();
            foreach (TensorPort port in single.Outputs)
            {
                expected.Add(new ReadOnlySpan<byte>(port.Pointer, port.ByteLength).ToArray());
            }
        }
        batch.Run(capacity);
        int next = 0;
        for (int place = 0; place < capacity; place++)
        {
            batch.Fetch(place, single.Outputs);
            foreach (TensorPort port in single.Outputs)
            {
                if (!Agrees(port, expected[next++]))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static unsafe void Randomize(TensorPort port, ref SplitMix64 random)
    {
        if (port.ElementType == TensorElementType.Float)
        {
            foreach (ref float value in new Span<float>(port.Pointer, port.Length))
            {
                value = (float)random.NextDouble();
            }
        }
        else if (port.ElementType is TensorElementType.UInt8 or TensorElementType.Int8)
        {
            foreach (ref byte value in new Span<byte>(port.Pointer, port.Length))
            {
                value = (byte)random.Below(128);
            }
        }
    }

    private static unsafe bool Agrees(TensorPort port, byte[] expected)
    {
        var actual = new ReadOnlySpan<byte>(port.Pointer, port.ByteLength);
        if (port.ElementType != TensorElementType.Float)
        {
            return actual.SequenceEqual(expected);
        }
        ReadOnlySpan<float> those = MemoryMarshal.Cast<byte, float>(expected), these = MemoryMarshal.Cast<byte, float>(actual);
        for (int i = 0; i < those.Length; i++)
        {
            if (!(Math.Abs(these[i] - those[i]) <= Tolerance * Math.Max(1, Math.Abs(those[i]))) && !these[i].Equals(those[i]))
            {
                return false;
            }
        }
        return true;
    }

    // The fastest run: whatever else the machine does only makes runs slower.
    private static TimeSpan Measure(Action run)
    {
        TimeSpan least = TimeSpan.MaxValue;
        for (int i = 0; i < WarmUpRuns + Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            least = i >= WarmUpRuns && time < least ? time : least;
        }
        return least;
    }
}
