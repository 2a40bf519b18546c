using System.Text.Json.Nodes;
using Edge.Graph;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>What a real edge-runtime announces to Home Assistant, checked against a schema of Home Assistant's documentation.</summary>
public sealed class HomeAssistantTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private const string Topic = "homeassistant/device/edge_kitchen/config";

    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Edge.Runtime.Tests", "home-assistant.schema.json")))!.AsObject();

    private readonly TestModel _model = fixture.Model;

    [Fact]
    public void Run_Announces_ComponentsWorkAndGoWithTheirPipelines()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        File.WriteAllText(_model.Folder["home.csv"], "time,Temperature,CO2\n0,10,400\n60,30,900\n");
        WriteSensorPackage(_model.Folder["warm.edgepkg"]);
        string images = _model.WriteImages("home", 2);
        string config = WriteConfig(broker.Port, images, withReadings: true);
        using RuntimeProcess process = RuntimeProcess.Start("run", "--config", config);
        JsonObject message = WaitFor(broker, found => found["components"]!.AsObject().ContainsKey("air_class") && found["components"]!.AsObject().ContainsKey("light_class"));
        JsonObject components = Validate(message);
        Assert.Equal("Kitchen window", (string)message["device"]!["name"]!);
        Assert.Equal("edge/kitchen/status", (string)message["availability"]![0]!["topic"]!);
        Assert.Equal(("temperature", "°C"), ((string)components["air_reading_Temperature"]!["device_class"]!, (string)components["air_reading_Temperature"]!["unit_of_measurement"]!));
        Assert.Equal("carbon_dioxide", (string)components["air_reading_CO2"]!["device_class"]!);
        Assert.Equal(["switch", "number"], new[] { "light_enabled", "light_threshold" }.Select(key => (string)components[key]!["platform"]!));

        Assert.Equal(["binary_sensor", "switch"], new[] { "pir_line", "lamp_line" }.Select(key => (string)components[key]!["platform"]!));
        Assert.Equal("edge/kitchen/lamp/set", (string)components["lamp_line"]!["command_topic"]!);

        // What the switch and the number send has the effect that their templates look for.
        JsonNode toggle = components["light_enabled"]!;
        broker.Publish("-t", (string)toggle["command_topic"]!, "-m", (string)toggle["payload_off"]!);
        JsonNode number = components["light_threshold"]!;
        broker.Publish("-t", (string)number["command_topic"]!, "-m", ((string)number["command_template"]!).Replace("{{ value }}", "0.25", StringComparison.Ordinal));
        Wait.Until(() => Retained(broker, (string)toggle["state_topic"]!) is { } state && (bool)state["enabled"]! == false && (double?)state["threshold"] == 0.25, TimeSpan.FromSeconds(30), () => process.Errors);

        WriteConfig(broker.Port, images, withReadings: false);
        process.Signal("HUP");
        JsonObject without = Validate(WaitFor(broker, found => !found["components"]!.AsObject().ContainsKey("air_class")));
        Assert.DoesNotContain(without, component => component.Key.StartsWith("air_", StringComparison.Ordinal));
        Assert.DoesNotContain(without, component => component.Key.EndsWith("_line", StringComparison.Ordinal));
        Assert.Contains("light_class", without);

        File.WriteAllText(config, File.ReadAllText(config).Replace("\"homeAssistant\": { \"name\": \"Kitchen window\" },", "", StringComparison.Ordinal));
        process.Signal("HUP");
        Wait.Until(() => broker.Subscribe("-t", Topic, "-C", "1", "-W", "1").Count == 0, TimeSpan.FromSeconds(30), () => "the device is still announced");
        process.Signal("TERM");
        Assert.Equal(0, process.WaitForExit());
    }

    private static JsonObject Validate(JsonObject message)
    {
        Assert.True(SchemaValidator.IsValid(Schema, message), message.ToJsonString());
        JsonObject components = message["components"]!.AsObject();
        Assert.All(components, component => Assert.True(SchemaValidator.IsValid(Schema, Schema["$defs"]!["component"]!, component.Value), component.Value!.ToJsonString()));
        Assert.Equal(components.Count, components.Select(component => (string)component.Value!["unique_id"]!).Distinct().Count());
        return components;
    }

    private static JsonObject WaitFor(MosquittoBroker broker, Func<JsonObject, bool> condition)
    {
        JsonObject? found = null;
        Wait.Until(() => (found = Retained(broker, Topic)) is not null && condition(found), TimeSpan.FromSeconds(60), () => $"announced: {found?.ToJsonString()}");
        return found!;
    }

    private static JsonObject? Retained(MosquittoBroker broker, string topic) =>
        broker.Subscribe("-t", topic, "-C", "1", "-W", "2") is [var line, ..] ? JsonNode.Parse(line)!.AsObject() : null;

    private string WriteConfig(int port, string images, bool withReadings)
    {
        string path = _model.Folder["home.json"];
        string air = """, { "name": "air", "package": "warm.edgepkg", "source": { "type": "csv", "path": "home.csv", "loop": true, "speed": 60 } }""";
        string lines = """ "gpio": [{ "name": "pir", "chip": "gpiochip99", "line": "1" }, { "name": "lamp", "chip": "gpiochip99", "line": "2", "direction": "output" }], """;
        File.WriteAllText(path, $$"""
            {
              "device": "kitchen",{{(withReadings ? lines : "")}}
              "homeAssistant": { "name": "Kitchen window" },
              "broker": { "host": "127.0.0.1", "port": {{port}} },
              "trustedKeys": ["maker.key.pub"],
              "pipelines": [{ "name": "light", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "folder", "path": "{{images}}", "loop": true, "framesPerSecond": 5 } }{{(withReadings ? air : "")}}]
            }
            """);
        return path;
    }

    /// <summary>A package that calls a room warm where the temperature is above 20.</summary>
    private void WriteSensorPackage(string path)
    {
        var graph = new OnnxGraph("warm");
        Value input = graph.AddInput("reading", ElementType.Float, TensorShape.Of([1, 2]));
        Value w = graph.AddInitializer("w", OnnxTensor.From<float>([-1, 1, 0, 0], 2, 2));
        Value b = graph.AddInitializer("b", OnnxTensor.From<float>([0, 0], 2));
        Node scores = graph.AddNode("Gemm", [input, w, b], ["scores"]);
        scores.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of([1, 2]));
        graph.AddOutput(scores.Outputs[0]!);
        var manifest = new Manifest
        {
            Name = "warm",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.SensorClassify,
            Sensor = new SensorSpec { Columns = ["Temperature", "CO2"], Mean = [20, 0], Std = [1, 1] },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
        };
        using SigningKey key = SigningKey.Load(_model.Folder["maker.key"]);
        PackageWriter.Write(path, manifest, [PackageContent.Model(new OnnxModel(graph).ToBytes()), PackageContent.Labels(["cold", "warm"])], key);
    }
}
