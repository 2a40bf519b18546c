using Edge.Graph;
using Edge.Packages;
using Edge.Testing;

namespace Edge.VirtualBoard.Tests;

/// <summary>A package of readings: it calls air warm where its temperature is above 20 °C.</summary>
internal static class SensorPackage
{
    /// <summary>Makes the package.</summary>
    /// <param name="key">The file of the key that signs it.</param>
    internal static byte[] Make(string key)
    {
        var graph = new OnnxGraph("warm");
        Value input = graph.AddInput("reading", ElementType.Float, TensorShape.Of([1, 2]));
        Value weights = graph.AddInitializer("weights", OnnxTensor.From<float>([-1, 1, 0, 0], 2, 2));
        Node scores = graph.AddNode("MatMul", [input, weights], ["scores"]);
        scores.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of([1, 2]));
        graph.AddOutput(scores.Outputs[0]!);
        var manifest = new Manifest
        {
            Name = "warm",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.SensorClassify,
            Sensor = new SensorSpec { Columns = ["Temperature", "Humidity"], Mean = [20, 0], Std = [1, 1] },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
        };
        using var folder = new TemporaryFolder();
        using SigningKey maker = SigningKey.Load(key);
        PackageWriter.Write(folder["warm.edgepkg"], manifest, [PackageContent.Model(new OnnxModel(graph).ToBytes()), PackageContent.Labels(["cold", "warm"])], maker);
        return File.ReadAllBytes(folder["warm.edgepkg"]);
    }
}
