using System.Text.Json;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Samples of numbers, fed to models whose inputs have other element types.</summary>
public sealed class InputTypeTests
{
    [Theory]
    [InlineData(ElementType.Bool)]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.Int8)]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int16)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.Double)]
    [InlineData(ElementType.Float)]
    public async Task Eval_InputOfAnyNumberType_IsFedItsNumbers(ElementType type)
    {
        using var folder = new TemporaryFolder();
        // Class 1 where the second number is the larger one; six more make no two samples alike.
        (float low, float high) = type is ElementType.Bool or ElementType.UInt8 ? (0, 1) : (-100, 100);
        float[] values = [.. Enumerable.Range(0, 64).SelectMany(i => (float[])[i % 2 == 0 ? high : low, i % 2 == 0 ? low : high, .. Enumerable.Range(0, 6).Select(bit => (i >> bit) & 1)])];
        File.WriteAllBytes(folder["x.npy"], Npy("<f4", "64, 8", [.. values.SelectMany(BitConverter.GetBytes)]));
        File.WriteAllBytes(folder["y.npy"], Npy("<i8", "64", [.. Enumerable.Range(0, 64).SelectMany(i => BitConverter.GetBytes((long)(i % 2)))]));
        File.WriteAllText(folder["r.yaml"], $"data: {{source: {folder["x.npy"]}, kind: array, targets: {folder["y.npy"]}, test: 0.5}}\nmodel: {{name: mlp}}\n");
        var graph = new OnnxGraph("casts");
        Value x = graph.AddInput("x", type, TensorShape.Of("n", 8));
        Node cast = graph.AddNode("Cast", [x], ["real"], "cast");
        cast.Attributes.Set("to", (long)ElementType.Float);
        Value one = graph.AddInitializer("one", OnnxTensor.From<float>([1, 0, 0, 1, .. new float[12]], 8, 2));
        Value scores = graph.AddNode("MatMul", [cast.Outputs[0]!, one], ["scores"], "scores").Outputs[0]!;
        scores.Type = new TensorType(ElementType.Float, TensorShape.Of("n", 2));
        graph.AddOutput(scores);
        new OnnxModel(graph).Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("eval", folder["m.onnx"], "--data", folder["r.yaml"], "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(1, JsonDocument.Parse(result.Output).RootElement.GetProperty("accuracy").GetDouble());
    }

    private static byte[] Npy(string type, string shape, byte[] body)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape},), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header.Select(letter => (byte)letter), .. body];
    }
}
