using System.Globalization;
using System.Text;
using Edge.Graph;
using Edge.Packages;

namespace Edge.Runtime.Tests;

/// <summary>A package that says "on" for a level above 0.5 and "off" below, and tables of such levels.</summary>
internal static class SensorPackage
{
    /// <summary>Writes the package, signed by the test model's maker.</summary>
    internal static string Write(TestModel maker, string name = "level")
    {
        var graph = new OnnxGraph(name);
        Value input = graph.AddInput("window", ElementType.Float, TensorShape.Of([1, 1, 1]));
        Node flat = graph.AddNode("Flatten", [input], ["flat"]);
        Value w = graph.AddInitializer("w", OnnxTensor.From<float>([-20f, 20f], 1, 2));
        Value b = graph.AddInitializer("b", OnnxTensor.From<float>([10f, -10f], 2));
        Node scores = graph.AddNode("Gemm", [flat.Outputs[0], w, b], ["scores"]);
        scores.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of([1, 2]));
        graph.AddOutput(scores.Outputs[0]!);
        var manifest = new Manifest
        {
            Name = name,
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.SensorClassify,
            Sensor = new SensorSpec { Columns = ["Level"], Window = 1, Mean = [0], Std = [1] },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
        };
        string path = maker.Folder[$"{name}.edgepkg"];
        using SigningKey key = SigningKey.Load(maker.Folder["maker.key"]);
        PackageWriter.Write(path, manifest, [PackageContent.Model(new OnnxModel(graph).ToBytes()), PackageContent.Labels(["off", "on"])], key);
        return path;
    }

    /// <summary>Writes a table whose level changes between 0 and 1 every so many rows, a second apart.</summary>
    internal static string WriteTable(TestModel maker, string name, int rows, int period)
    {
        var text = new StringBuilder("time,level\n");
        for (int i = 0; i < rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},{i / period % 2}\n");
        }
        string path = maker.Folder[name];
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
