using System.Runtime.CompilerServices;
using Edge.Foundation;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Graph.Tests;

/// <summary>ONNX Runtime as the judge of what a model computes.</summary>
internal static class Engine
{
    [ModuleInitializer]
    internal static void SilenceTelemetry() => NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");

    internal static float[] Run(OnnxModel model, float[] input, params long[] dims)
    {
        using var session = new InferenceSession(model.ToBytes());
        using var value = OrtValue.CreateTensorValueFromMemory(input, dims);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [session.InputNames[0]], [value], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
