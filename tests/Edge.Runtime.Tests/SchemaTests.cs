using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Edge.Runtime.Configuration;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>The schema that is shipped and the configuration that is read are two descriptions of one thing.</summary>
public sealed class SchemaTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "firmware-docs", "edge-runtime.schema.json"));

    private static readonly JsonObject Document = JsonNode.Parse(Text)!.AsObject();

    private const string Head = """ "device": "kitchen", "trustedKeys": ["a.pub"], "broker": { "host": "h" }, """;

    public static TheoryData<string> Good() =>
    [
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""
        { {{Head}} "root": "house", "providers": ["cuda", "cpu"], "threads": 2, "cache": false, "engine": { "arena": false, "memoryPattern": false, "spinning": false, "batch": 4, "batchWaitMilliseconds": 5 }, "health": { "intervalSeconds": 5, "stuckSeconds": 30, "memoryLimitMB": 200 },
          "update": { "folder": "u", "fleetKeys": ["f.pub"], "groups": ["all"], "bytesPerSecond": 1000, "window": "02:00-05:00", "reserveMB": 1, "minimumBatteryPercent": 20, "maximumTemperatureCelsius": 80 },
          "otlp": { "url": "http://collector:4318", "intervalSeconds": 10, "authorizationFile": "token", "caFile": null },
          "pipelines": [{ "name": "a", "package": "p", "topK": 3, "threshold": 0.5, "workers": 2, "publish": "change", "enabled": false,
            "quarantine": { "failures": 3, "windowSeconds": 10, "retrySeconds": 5 },
            "source": { "type": "folder", "path": "i", "pattern": "*.jpg", "framesPerSecond": 5, "loop": true },
            "sinks": [{ "type": "mqtt" }, { "type": "stdout" }, { "type": "file", "path": "r.jsonl", "maxBytes": 5000, "keep": 2 }] }] }
        """,
        """{ "device": "k", "trustedKeys": ["a"], "pipelines": [{ "name": "a", "package": "p", "sinks": [{ "type": "stdout" }], "source": { "type": "images", "paths": ["a.jpg", "b/**/*.png"] } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "mjpeg", "url": "https://cam/s?x=1", "userName": "u", "passwordFile": "p", "caFile": "c", "live": false, "stallSeconds": 3 } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "raw", "path": "f", "format": "nv12", "width": 640, "height": 480, "range": "full", "live": true } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "camera", "camera": "/dev/video0", "width": 640, "format": "yuyv", "framesPerSecond": 5, "controls": { "gain": 3 } } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "sensors", "intervalSeconds": 1, "maximumAgeSeconds": 5, "sensors": [{ "kind": "bme280", "place": "i2c-1:0x76", "columns": { "temperature": "Temperature" } }] } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "stdin", "format": "jpeg" } }] }""",
        $$"""
        { "device": "k", "trustedKeys": ["a"], "broker": { "host": "h", "userName": "u", "passwordVariable": "P", "psk": { "identity": "i", "keyFile": "k" } }, "homeAssistant": { "prefix": "ha", "name": "Hall" }, "spool": { "path": "s", "maximumBytes": 1000000, "maximumAgeSeconds": 60, "replayPerSecond": 0 },
          "pipelines": [{ "name": "a", "package": "p", "source": { "type": "csv", "paths": ["a.csv", "b.csv"], "timeColumn": "when", "intervalSeconds": 1, "maximumAgeSeconds": 5, "speed": 60, "loop": true },
            "readings": { "columns": ["x", "y"], "stride": 2, "maximumGapSeconds": 10, "missing": "mean", "maximumAgeSeconds": 3, "hysteresis": 0.2, "minimumSeconds": 4, "anomalyThreshold": 0.5 } }] }
        """,
        $$"""
        { {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" },
            "sinks": [{ "type": "mqtt", "content": "events" }, { "type": "stdout", "content": "results" }],
            "track": { "highScore": 0.5, "lowScore": 0.1, "newScore": 0.6, "matchOverlap": 0.3, "lostSeconds": 1, "framesPerSecond": 10, "maximumObjects": 50,
              "startSeconds": 0.5, "updateSeconds": 0, "stationarySeconds": 5, "pathPoints": 8, "filters": [{ "classes": ["person"], "minScore": 0.4, "minArea": 0.01, "maxArea": 0.5 }] },
            "zones": [{ "name": "door", "points": [[0, 0], [1, 0], [1, 1.5], [-0.5, 1]], "anchor": "centre", "enterSeconds": 1, "leaveSeconds": 2, "loiterSeconds": 30, "filters": [{}] }],
            "lines": [{ "name": "gate", "from": [0, 0.5], "to": [1, 0.5] }],
            "snapshot": { "on": ["zoneEnter", "loiter"], "blur": "classes", "classes": ["person"], "quality": 70, "intervalSeconds": 0 } }] }
        """,
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "track": {}, "snapshot": { "blur": "outside" }, "source": { "type": "folder", "path": "i" } }] }""",
        """{ "$schema": "x", "device": "k", "trustedKeys": ["a"], "broker": { "host": "h", "protocol": "3.1.1", "port": 8883, "clientId": "c", "userName": "u", "passwordFile": "f", "keepAliveSeconds": 10, "tls": { "caFile": "c", "certificateFile": "d", "keyFile": "e" } }, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""
        { {{Head}} "gpio": [{ "name": "pir", "chip": "gpiochip0", "line": "17", "bias": "pullDown", "debounceMilliseconds": 20 }, { "name": "lamp", "chip": "/dev/gpiochip0", "line": "GPIO4", "direction": "output", "activeLow": true, "active": true }],
          "pipelines": [{ "name": "a", "package": "p", "source": { "type": "camera", "camera": "c" }, "trigger": { "gpio": "pir", "on": "both", "seconds": 5 } },
            { "name": "b", "package": "p", "source": { "type": "camera", "camera": "d" }, "trigger": { "pipeline": "c", "column": "CO2", "above": 1000, "below": 1.5 } },
            { "name": "c", "package": "p", "source": { "type": "csv", "path": "a" } }] }
        """,
        """{ "device": "k", "trustedKeys": ["a"], "broker": { "host": "h", "sessionExpirySeconds": 3600, "receiveMaximum": 5, "inFlightLimit": 64 }, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
    ];

    public static TheoryData<string> Bad() =>
    [
        "{}",
        $$"""{ {{Head}} "pipelines": [] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "health", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a/b", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder" } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "camera", "width": 640 } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "camera", "camera": "c", "controls": { "gain": "high" } } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "sensors", "intervalSeconds": 1, "sensors": [{ "kind": "bme208", "place": "i2c-1" }] } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i", "width": 3 } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "raw", "path": "i", "format": "rgb" } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "mjpeg", "url": "ftp://x" } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "topk": 1, "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "threads": -1, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "sinks": [{ "type": "file" }], "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "update": { "folder": "u", "fleetKeys": [] }, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "update": { "folder": "u", "fleetKeys": ["k"], "window": "night" }, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "spool": {}, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "spool": { "path": "s", "maximumBytes": 5 }, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "csv", "path": "a", "paths": ["b"] } }] }""",
        $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "csv", "path": "a" }, "readings": { "missing": "guess" } }] }""",
        $$"""{ {{Head}} "health": { "intervalSeconds": 0 }, "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""",
    ];

    [Theory]
    [InlineData("\"zones\": [{ \"name\": \"z\", \"points\": [[0, 0], [1, 1]] }]", "pipelines[0].zones[0].points: 2: give 3 to 64 corners")]
    [InlineData("\"zones\": [{ \"name\": \"z\", \"points\": [[0, 0], [1, 1], [0]] }]", "pipelines[0].zones[0].points[2]: give two numbers, [x, y]")]
    [InlineData("\"zones\": [{ \"name\": \"z\", \"points\": [[0, 0], [1, 1], [0, 480]] }]", "pipelines[0].zones[0].points[2]: give shares of the picture's size")]
    [InlineData("\"lines\": [{ \"name\": \"l\", \"from\": [0, 0], \"to\": [0, 0, 1] }]", "pipelines[0].lines[0].to: give two numbers")]
    [InlineData("\"lines\": [{ \"name\": \"l\", \"from\": [0, 0] }]", "pipelines[0].lines[0].to: missing")]
    [InlineData("\"track\": { \"lostSeconds\": -1 }", "pipelines[0].track.lostSeconds: -1: give 0 to 3600")]
    [InlineData("\"track\": { \"lostsecond\": 1 }", "did you mean \"lostSeconds\"?")]
    [InlineData("\"track\": { \"filters\": [{ \"minScore\": 2 }] }", "pipelines[0].track.filters[0].minScore: 2: give 0 to 1")]
    [InlineData("\"snapshot\": { \"on\": [\"end\"] }", "pipelines[0].snapshot.on[0]: \"end\"")]
    [InlineData("\"snapshot\": { \"blur\": \"classes\" }", "pipelines[0].snapshot.classes: belongs to the blur \"classes\"")]
    [InlineData("\"sinks\": [{ \"type\": \"mqtt\", \"content\": \"event\" }]", "pipelines[0].sinks[0].content: \"event\": did you mean \"events\"?")]
    public void Bad_Scene_IsToldWithItsPlaceAndTheSchemaRefusesIt(string part, string expected)
    {
        string text = $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" }, {{part}} }] }""";
        Assert.False(Evaluate(text));
        Assert.Contains(Read(text), line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"chip\": \"c\", \"line\": \"1\", \"bias\": \"up\"", "gpio[0].bias: \"up\"")]
    [InlineData("\"chip\": \"c\", \"line\": \"1\", \"direction\": \"out\"", "gpio[0].direction: \"out\"")]
    [InlineData("\"chip\": \"c\", \"line\": \"\"", "gpio[0].line")]
    [InlineData("\"chip\": \"c\"", "gpio[0].line: missing")]
    [InlineData("\"chip\": \"c\", \"line\": \"1\", \"debounceMilliseconds\": -1", "gpio[0].debounceMilliseconds: -1: give 0 to 60000")]
    public void Bad_Line_IsToldWithItsPlaceAndTheSchemaRefusesIt(string fields, string expected)
    {
        string text = $$"""{ {{Head}} "gpio": [{ "name": "pir", {{fields}} }], "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""";
        Assert.False(Evaluate(text));
        Assert.Contains(Read(text), line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"gpio\": \"door\"", "pipelines[0].trigger.gpio: there is no input \"door\": known are pir")]
    [InlineData("\"gpio\": \"lamp\"", "pipelines[0].trigger.gpio: there is no input \"lamp\": known are pir")]
    [InlineData("\"seconds\": 5", "pipelines[0].trigger: give either gpio or pipeline")]
    [InlineData("\"gpio\": \"pir\", \"above\": 1", "column, above and below belong to readings")]
    [InlineData("\"pipeline\": \"a\", \"column\": \"x\", \"above\": 1", "pipelines[0].trigger.pipeline: there is no other pipeline of readings \"a\": known are c")]
    [InlineData("\"pipeline\": \"c\", \"above\": 1", "pipelines[0].trigger.column: missing")]
    [InlineData("\"pipeline\": \"c\", \"column\": \"x\"", "pipelines[0].trigger: give above, below or both")]
    public void Bad_Trigger_IsToldWithItsPlace(string fields, string expected)
    {
        string text = $$"""
            { {{Head}} "gpio": [{ "name": "pir", "chip": "g", "line": "1" }, { "name": "lamp", "chip": "g", "line": "2", "direction": "output" }],
              "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" }, "trigger": { {{fields}} } }, { "name": "c", "package": "p", "source": { "type": "csv", "path": "t" } }] }
            """;
        Assert.Contains(Read(text), line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "name": "a", "chip": "g", "line": "1" }""", "gpio[0].name: \"a\" is taken by another line or a pipeline")]
    [InlineData("""{ "name": "health", "chip": "g", "line": "1" }""", "gpio[0].name: \"health\" has a meaning of its own")]
    [InlineData("""{ "name": "x", "chip": "g", "line": "1" }, { "name": "y", "chip": "/dev/g", "line": "1" }""", "gpio[1]: /dev/g line 1 is given twice")]
    [InlineData("""{ "name": "x", "chip": "g", "line": "1", "active": true }""", "gpio[0].active: is the first level of an output")]
    [InlineData("""{ "name": "x", "chip": "g", "line": "1", "direction": "output", "bias": "pullUp" }""", "gpio[0]: bias and debounceMilliseconds are an input's")]
    public void Bad_Lines_AreToldWithTheirPlace(string lines, string expected)
    {
        string text = $$"""{ {{Head}} "gpio": [{{lines}}], "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" } }] }""";
        Assert.Contains(Read(text), line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"lines\": [{ \"name\": \"l\", \"from\": [0, 0], \"to\": [0, 0] }]", "a line needs two ends")]
    [InlineData("\"zones\": [{ \"name\": \"z\", \"points\": [[0, 0], [1, 1], [0, 1]] }, { \"name\": \"z\", \"points\": [[0, 0], [1, 1], [0, 1]] }]", "is taken by another zone or line")]
    [InlineData("\"track\": { \"highScore\": 0.2, \"lowScore\": 0.3 }", "must not be above highScore")]
    [InlineData("\"track\": { \"filters\": [{ \"minArea\": 0.5, \"maxArea\": 0.2 }] }", "pipelines[0].track.filters[0].maxArea: 0.2: give 0.5 to 1")]
    public void Bad_SceneBeyondTheSchema_IsToldWithItsPlace(string part, string expected)
    {
        string text = $$"""{ {{Head}} "pipelines": [{ "name": "a", "package": "p", "source": { "type": "folder", "path": "i" }, {{part}} }] }""";
        Assert.Contains(Read(text), line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Good_Configuration_SchemaAndReaderAccept(string text)
    {
        Assert.True(Evaluate(text));
        Assert.Empty(Read(text));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Bad_Configuration_SchemaAndReaderRefuse(string text)
    {
        Assert.False(Evaluate(text));
        Assert.NotEmpty(Read(text));
    }

    [Fact]
    public void Sample_OfThePackage_SchemaAccepts()
    {
        string sample = File.ReadAllText(Path.Combine(Repository.Root, "eng", "deb", "edge-runtime.json"));
        Assert.True(Evaluate(sample));
        Assert.Empty(Read(sample));
    }

    [Theory]
    [InlineData("""{ "type": "integer", "minimum": 2 }""", "2", "1", "1.5", "\"2\"")]
    [InlineData("""{ "type": ["string", "null"], "minLength": 2, "pattern": "^a" }""", "null", "\"a\"", "\"ba\"", "3")]
    [InlineData("""{ "properties": { "a": { "const": 1 } }, "additionalProperties": false, "required": ["a"] }""", "{ \"a\": 1 }", "{}", "{ \"a\": 2 }", "{ \"a\": 1, \"b\": 1 }")]
    [InlineData("""{ "items": { "enum": ["x"] }, "minItems": 1, "maxItems": 2 }""", "[\"x\"]", "[]", "[\"x\", \"y\"]", "[\"x\", \"x\", \"x\"]")]
    [InlineData("""{ "if": { "required": ["a"] }, "then": { "propertyNames": { "enum": ["a"] } }, "not": { "required": ["c"] } }""", "{ \"b\": 1 }", "{ \"a\": 1, \"b\": 1 }", "{ \"c\": 1 }", "{ \"a\": 1, \"c\": 1 }")]
    public void IsValid_EveryKeyword_JudgesAsTheStandardSays(string schema, string good, params string[] bad)
    {
        JsonObject document = JsonNode.Parse(schema)!.AsObject();
        Assert.True(SchemaValidator.IsValid(document, JsonNode.Parse(good)));
        Assert.All(bad, text => Assert.False(SchemaValidator.IsValid(document, JsonNode.Parse(text)), text));
    }

    [Fact]
    public void Fields_OfEveryObject_AreThoseOfTheSchema()
    {
        Compare(ConfigJsonContext.Default.RuntimeConfig, Document);
        Compare(ConfigJsonContext.Default.BrokerConfig, Definition("broker"));
        Compare(ConfigJsonContext.Default.UpdateConfig, Definition("update"));
        Compare(ConfigJsonContext.Default.EngineConfig, Definition("engine"));
        Compare(ConfigJsonContext.Default.GpioConfig, Definition("gpio"));
        Compare(ConfigJsonContext.Default.TriggerConfig, Definition("trigger"));
        Compare(ConfigJsonContext.Default.TlsConfig, Definition("tls"));
        Compare(ConfigJsonContext.Default.PipelineConfig, Definition("pipeline"));
        Compare(ConfigJsonContext.Default.TrackConfig, Definition("track"));
        Compare(ConfigJsonContext.Default.FilterConfig, Definition("filter"));
        Compare(ConfigJsonContext.Default.ZoneConfig, Definition("zone"));
        Compare(ConfigJsonContext.Default.LineConfig, Definition("line"));
        Compare(ConfigJsonContext.Default.SnapshotConfig, Definition("snapshot"));
        Compare(ConfigJsonContext.Default.QuarantineConfig, Definition("quarantine"));
        Compare(ConfigJsonContext.Default.SourceConfig, Definition("source"));
        Compare(ConfigJsonContext.Default.SinkConfig, Definition("sink"));
        Compare(ConfigJsonContext.Default.HealthConfig, Definition("health"));
        Compare(ConfigJsonContext.Default.OtlpConfig, Definition("otlp"));
    }

    [Fact]
    public void Fields_OfEverySourceType_AreThoseOfTheSchema()
    {
        JsonArray rules = Definition("source")["allOf"]!.AsArray();
        foreach ((string type, string[] needed, string[] optional) in SourceCheck.Types)
        {
            JsonNode rule = rules.Single(each => (string?)each!["if"]!["properties"]!["type"]?["const"] == type)!["then"]!;
            Assert.Equal(needed.Order(), rule["required"]!.AsArray().Select(name => (string)name!).Order());
            Assert.Equal(needed.Concat(optional).Append("type").Order(), rule["propertyNames"]!["enum"]!.AsArray().Select(name => (string)name!).Order());
        }
        Assert.Equal(SourceCheck.Types.Select(type => type.Type), Definition("source")["properties"]!["type"]!["enum"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(SourceCheck.Formats, Definition("source")["properties"]!["format"]!["enum"]!.AsArray().Where(name => name is not null).Select(name => (string)name!));
    }

    [Fact]
    public void Schema_Verb_PrintsTheFile()
    {
        (int exitCode, string output, string errors) = RuntimeProcess.Run("schema");
        Assert.True(exitCode == 0, errors);
        Assert.Equal(Text, output);
    }

    private static void Compare(JsonTypeInfo type, JsonObject schema)
    {
        JsonObject properties = schema["properties"]!.AsObject();
        Assert.Equal(type.Properties.Select(property => property.Name).Order(), properties.Select(property => property.Key).Order());
        string[] required = schema["required"] is JsonArray names ? [.. names.Select(name => (string)name!)] : [];
        Assert.Equal(type.Properties.Where(property => property.IsRequired).Select(property => property.Name).Order(), required.Order());
        object sample = Sample(type, required);
        foreach ((string name, JsonNode? property) in properties)
        {
            if (property!["default"] is { } expected)
            {
                JsonPropertyInfo field = type.Properties.Single(each => each.Name == name);
                JsonNode node = JsonNode.Parse(JsonSerializer.Serialize(field.Get!(sample), type.Options.GetTypeInfo(field.PropertyType)))!;
                Assert.True(JsonNode.DeepEquals(expected, Only(expected, node)), $"{type.Type.Name}.{name}: the schema says {expected.ToJsonString()}, the reader {node.ToJsonString()}");
            }
        }
    }

    /// <summary>An object that says nothing but what it must.</summary>
    private static object Sample(JsonTypeInfo type, string[] required)
    {
        var json = new JsonObject();
        foreach (string name in required)
        {
            Type field = type.Properties.Single(property => property.Name == name).PropertyType;
            json[name] = field == typeof(string) ? "x" : field == typeof(SourceConfig) ? new JsonObject { ["type"] = "folder" } : new JsonArray();
        }
        return JsonSerializer.Deserialize(json, type)!;
    }

    /// <summary>The schema's example of a sink names only what is not a default of its own.</summary>
    private static JsonNode Only(JsonNode expected, JsonNode actual)
    {
        if (expected is JsonArray { Count: 1 } list && list[0] is JsonObject fields && actual is JsonArray items)
        {
            var kept = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, items[0]![field.Key]?.DeepClone())));
            return new JsonArray(kept);
        }
        return actual;
    }

    private static JsonObject Definition(string name) => Document["$defs"]![name]!.AsObject();

    private static bool Evaluate(string text) => SchemaValidator.IsValid(
        Document, JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }));

    private static IReadOnlyList<string> Read(string text)
    {
        var problems = new Problems();
        ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), problems);
        return problems.Lines;
    }
}
