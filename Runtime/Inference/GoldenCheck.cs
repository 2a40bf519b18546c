using System.Runtime.InteropServices;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>Runs the golden inputs of a package through its model on this machine.</summary>
public static class GoldenCheck
{
    /// <summary>Runs every golden input; stops at the first whose output is outside the manifest's tolerance.</summary>
    /// <param name="package">The package.</param>
    /// <param name="session">Its model. Its first input and the manifest's output are used; they are left overwritten.</param>
    /// <exception cref="InferenceException">A golden file has another size than the tensor, or the engine failed.</exception>
    public static GoldenResult Run(Package package, ModelSession session)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(session);
        if (package.Manifest.Golden is not { } golden)
        {
            return new GoldenResult(0, null, 0);
        }
        int output = OutputIndex(package, session);
        float largest = 0;
        int cases = 0;
        foreach (GoldenCase pair in golden.Cases)
        {
            ReadOnlySpan<float> expected = MemoryMarshal.Cast<byte, float>(package.ReadFile(pair.Output).Span);
            ReadOnlySpan<float> actual = Run(session, package.ReadFile(pair.Input).Span, output, pair.Input, package.Source);
            cases++;
            if (expected.Length != actual.Length)
            {
                throw new InferenceException($"{package.Source}: {pair.Output} has {expected.Length} values, the model gives {actual.Length}; make the package again");
            }
            bool good = true;
            for (int i = 0; i < expected.Length; i++)
            {
                float difference = Math.Abs(actual[i] - expected[i]);
                good &= difference <= golden.AbsoluteTolerance + (golden.RelativeTolerance * Math.Abs(expected[i])) || actual[i].Equals(expected[i]);
                largest = Math.Max(largest, difference);
            }
            if (!good)
            {
                return new GoldenResult(cases, pair.Input, largest);
            }
        }
        return new GoldenResult(cases, null, largest);
    }

    /// <summary>What the model gives for a golden input, to be packaged as the expected output.</summary>
    /// <param name="session">The model.</param>
    /// <param name="input">The elements of its first input, little-endian.</param>
    /// <param name="output">The output.</param>
    /// <returns>The elements of that output: float32, little-endian.</returns>
    /// <exception cref="InferenceException">The input has another size than the tensor, or the engine failed.</exception>
    public static byte[] Record(ModelSession session, ReadOnlySpan<byte> input, int output = 0)
    {
        ArgumentNullException.ThrowIfNull(session);
        return MemoryMarshal.AsBytes(Run(session, input, output, "the golden input", "model")).ToArray();
    }

    private static ReadOnlySpan<float> Run(ModelSession session, ReadOnlySpan<byte> input, int output, string name, string source)
    {
        Span<byte> target = session.InputBytes();
        if (input.Length != target.Length)
        {
            throw new InferenceException($"{source}: {name} has {input.Length} bytes, the model's input {target.Length}; make the package again");
        }
        input.CopyTo(target);
        session.Run();
        return session.Output(output);
    }

    private static int OutputIndex(Package package, ModelSession session)
    {
        for (int i = 0; i < session.Outputs.Count; i++)
        {
            if (session.Outputs[i].Name == package.Manifest.Output.Tensor)
            {
                return i;
            }
        }
        return 0;
    }
}
