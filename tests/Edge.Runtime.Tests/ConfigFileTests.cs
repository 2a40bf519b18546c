using Edge.Runtime.Configuration;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class ConfigFileTests
{
    private const string Good = """
        {
          // Comments and trailing commas are allowed.
          "device": "kitchen",
          "broker": { "host": "localhost" },
          "trustedKeys": ["keys/a.pub"],
          "pipelines": [
            { "name": "png", "package": "models/x.edgepkg", "source": { "type": "folder", "path": "images" } },
          ],
        }
        """;

    [Fact]
    public void Load_Minimal_HasDefaultsAndPathsFromTheFilesFolder()
    {
        using var folder = new TemporaryFolder();
        RuntimeConfig config = Load(folder, Good);
        Assert.Equal("edge", config.Root);
        Assert.Equal(folder["keys/a.pub"], config.TrustedKeys[0]);
        PipelineConfig pipeline = config.Pipelines[0];
        Assert.Equal(folder["models/x.edgepkg"], pipeline.Package);
        Assert.Equal(folder["images"], pipeline.Source.Path);
        Assert.Equal("every", pipeline.Publish);
        Assert.Null(pipeline.TopK);
        Assert.Equal(0, pipeline.Source.FramesPerSecond);
        Assert.False(pipeline.Source.Loop);
        Assert.Equal(["auto"], config.Providers);
        Assert.Equal(0, config.Broker!.Port);
    }

    [Theory]
    [InlineData("\"device\": \"kitchen\"", "\"devise\": \"kitchen\"", "devise: unknown field: did you mean \"device\"?", 2)]
    [InlineData("\"type\": \"folder\"", "\"type\": \"folder\", \"framesPerSec\": 3", "pipelines[0].source.framesPerSec: unknown field: did you mean \"framesPerSecond\"?")]
    [InlineData("\"host\": \"localhost\"", "\"host\": \"localhost\", \"zebra\": 3", "broker.zebra: unknown field: known are host, port, clientId, userName, passwordFile, passwordVariable, protocol, psk, tls, keepAliveSeconds, sessionExpirySeconds, receiveMaximum, inFlightLimit")]
    [InlineData("\"device\": \"kitchen\",", "", "device: missing: add it")]
    [InlineData("\"host\": \"localhost\"", "", "broker.host: missing: add it")]
    [InlineData("\"device\": \"kitchen\"", "\"device\": \"a\", \"device\": \"b\"", "device: given twice: keep one")]
    [InlineData("\"kitchen\"", "7", "device: must be a text in quotes")]
    [InlineData("\"kitchen\"", "null", "device: must be a text in quotes")]
    [InlineData("\"kitchen\"", "\"a/b\"", "device: device name \"a/b\" holds '/', which a topic level may not: use letters, digits, '-', '_' or '.'")]
    [InlineData("\"kitchen\"", "\"\"", "device: device name is empty: give 1 to 64 characters")]
    [InlineData("\"host\": \"localhost\"", "\"host\": \"localhost\", \"port\": \"1883\"", "broker.port: must be a whole number")]
    [InlineData("\"host\": \"localhost\"", "\"host\": \"localhost\", \"port\": 99999", "broker.port: 99999: give 1 to 65535")]
    [InlineData("\"host\": \"localhost\"", "\"host\": \"localhost\", \"passwordFile\": \"x\"", "broker.passwordFile: a password needs a user: add broker.userName")]
    [InlineData("\"host\": \"localhost\"", "\"host\": \"localhost\", \"tls\": { \"keyFile\": \"x\" }", "broker.tls: certificateFile and keyFile belong together: give both or neither")]
    [InlineData("[\"keys/a.pub\"]", "[]", "trustedKeys: empty: name the public key of whoever signs your packages")]
    [InlineData("[\"keys/a.pub\"]", "\"keys/a.pub\"", "trustedKeys: must be a list [ … ]")]
    [InlineData("[\"keys/a.pub\"]", "[3]", "trustedKeys[0]: must be a text in quotes")]
    [InlineData("\"name\": \"png\"", "\"name\": \"update\"", "pipelines[0].name: \"update\" has a meaning of its own in topics: choose another name")]
    [InlineData("\"name\": \"png\"", "\"name\": \"png\", \"publish\": \"chnage\"", "pipelines[0].publish: \"chnage\": did you mean \"change\"?")]
    [InlineData("\"name\": \"png\"", "\"name\": \"png\", \"topK\": 0", "pipelines[0].topK: 0: give 1 to 100")]
    [InlineData("\"name\": \"png\"", "\"name\": \"png\", \"topK\": 1.5", "pipelines[0].topK: must be a whole number")]
    [InlineData("\"type\": \"folder\"", "\"type\": \"webcam\"", "pipelines[0].source.type: \"webcam\": known are folder, images, mjpeg, camera, raw, csv, sensors, stdin")]
    [InlineData("\"type\": \"folder\"", "\"type\": \"folder\", \"framesPerSecond\": -1", "pipelines[0].source.framesPerSecond: -1: give 0 (as fast as possible) to 10000")]
    [InlineData("\"type\": \"folder\"", "\"type\": \"folder\", \"loop\": \"yes\"", "pipelines[0].source.loop: must be true or false")]
    [InlineData("\"type\": \"folder\"", "\"type\": \"folder\", \"pattern\": \"a/*.png\"", "pipelines[0].source.pattern: holds '/': it matches names in one folder; put the folder into path, or use a source of the type images")]
    [InlineData("\"path\": \"images\"", "\"url\": \"http://x/\"", "pipelines[0].source.path: missing: a source of the type folder needs it", 2)]
    [InlineData("\"path\": \"images\"", "\"path\": \"images\", \"live\": true", "pipelines[0].source.live: a source of the type folder has no such field: take it out")]
    [InlineData("\"type\": \"folder\", \"path\": \"images\"", "\"type\": \"mjpeg\", \"url\": \"rtsp://x/\"", "pipelines[0].source.url: \"rtsp://x/\": give an address such as http://camera/stream")]
    [InlineData("\"type\": \"folder\", \"path\": \"images\"", "\"type\": \"mjpeg\", \"url\": \"http://me:secret@x/\"", "pipelines[0].source.url: holds a user or password, which would stand in logs: use userName and passwordFile")]
    [InlineData("\"type\": \"folder\", \"path\": \"images\"", "\"type\": \"raw\", \"path\": \"x\", \"format\": \"nv12\", \"height\": 4", "pipelines[0].source.width: missing: raw frames need it, 1 to 16384")]
    [InlineData("\"type\": \"folder\", \"path\": \"images\"", "\"type\": \"stdin\", \"format\": \"yuy\"", "pipelines[0].source.format: \"yuy\": did you mean \"yuyv\"?")]
    [InlineData("\"name\": \"png\"", "\"name\": \"png\", \"sinks\": [{ \"type\": \"file\" }]", "pipelines[0].sinks[0].path: missing: add it")]
    [InlineData("\"name\": \"png\"", "\"name\": \"png\", \"sinks\": []", "pipelines[0].sinks: 0: give 1 to 8")]
    [InlineData("\"broker\": { \"host\": \"localhost\" },", "", "pipelines[0].sinks[0]: results go over MQTT, but there is no broker: add broker, or give the pipeline other sinks")]
    [InlineData("\"device\": \"kitchen\"", "\"device\": \"kitchen\", \"health\": { \"intervalSeconds\": 0 }", "health.intervalSeconds: 0: give 0.1 to 86400")]
    [InlineData("\"device\": \"kitchen\"", "\"device\": \"kitchen\", \"otlp\": { \"url\": \"collector\" }", "otlp.url: \"collector\": give an address such as http://camera/stream")]
    [InlineData("\"device\": \"kitchen\"", "\"device\": \"kitchen\", \"threads\": 9999", "threads: 9999: give 0 (the runtime chooses) to 256")]
    [InlineData("\"device\": \"kitchen\"", "\"device\": \"kitchen\", \"providers\": [\"gpu\"]", "providers[0]: the provider 'gpu' is not known; use auto, tensorrt, cuda, xnnpack, acl or cpu")]
    [InlineData("\"device\": \"kitchen\"", "\"device\": \"kitchen\", \"providers\": []", "providers: empty: write [\"auto\"], or leave the field out")]
    public void Load_Mistake_SaysWhereInOneLine(string original, string mistake, string message, int problems = 1)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(original, Good, StringComparison.Ordinal);
        ConfigException e = Assert.Throws<ConfigException>(() => Load(folder, Good.Replace(original, mistake, StringComparison.Ordinal)));
        string more = problems > 1 ? $" (and {problems - 1} more: edge-runtime check --config {folder["edge-runtime.json"]})" : "";
        Assert.Equal($"{folder["edge-runtime.json"]}: {message}{more}", e.Message);
    }

    [Fact]
    public void Examine_ManyMistakes_NamesThemAll()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["edge-runtime.json"], """{ "devise": "a", "trustedKeys": [7], "pipelines": [{ "name": "x" }], "threads": 1.5 }""");
        var problems = new Problems();
        Assert.Null(ConfigFile.Examine(folder["edge-runtime.json"], problems));
        string[] expected =
        [
            "devise: unknown field: did you mean \"device\"?",
            "trustedKeys[0]: must be a text in quotes",
            "pipelines[0].package: missing: add it",
            "pipelines[0].source: missing: add it",
            "threads: must be a whole number",
            "device: missing: add it",
        ];
        Assert.Equal(expected, problems.Lines);
    }

    [Fact]
    public void Load_TwoPipelinesOfOneName_IsRefused()
    {
        using var folder = new TemporaryFolder();
        string pipeline = """{ "name": "png", "package": "x", "source": { "type": "folder", "path": "i" } }""";
        string text = $$"""{ "device": "k", "broker": { "host": "h" }, "trustedKeys": ["a"], "pipelines": [{{pipeline}}, {{pipeline}}] }""";
        ConfigException e = Assert.Throws<ConfigException>(() => Load(folder, text));
        Assert.EndsWith("pipelines[1].name: \"png\" is taken by another pipeline: choose another name", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "line 1, byte 1: not JSON: check quotes, commas and brackets there")]
    [InlineData("{\n \"device\": }", "line 2, byte 12: not JSON: check quotes, commas and brackets there")]
    [InlineData("[]", "the document: must be an object { … }")]
    [InlineData("null", "the document: must be an object { … }")]
    public void Load_NoConfiguration_SaysWhereInOneLine(string text, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"{folder["edge-runtime.json"]}: {message}", Assert.Throws<ConfigException>(() => Load(folder, text)).Message);
    }

    [Fact]
    public void Load_ByteOrderMark_IsPassedOver()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("kitchen", Load(folder, "\ufeff" + Good).Device);
    }

    [Theory]
    [InlineData("\"kitchen\", \"\\ud800\": 1", "a text holds half a character (\\ud800 to \\udfff alone): write the character itself")]
    [InlineData("\"ki\\u0000tchen\"", "device: device name \"ki?tchen\" holds U+0000, which a topic level may not: use letters, digits, '-', '_' or '.'")]
    public void Load_OddText_SaysSoInOneLine(string device, string message)
    {
        using var folder = new TemporaryFolder();
        ConfigException e = Assert.Throws<ConfigException>(() => Load(folder, Good.Replace("\"kitchen\"", device, StringComparison.Ordinal)));
        Assert.Equal($"{folder["edge-runtime.json"]}: {message}", e.Message);
    }

    [Fact]
    public void Load_DeeplyNested_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ConfigException>(() => Load(folder, new string('[', 100_000)));
    }

    [Fact]
    public void Load_TooLarge_IsRefusedUnread()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("larger than", Assert.Throws<ConfigException>(() => Load(folder, new string(' ', 2_000_000))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoSuchFile_SaysSo() =>
        Assert.Equal("/nowhere/x.json: there is no such file: check --config", Assert.Throws<ConfigException>(() => ConfigFile.Load("/nowhere/x.json")).Message);

    [Fact]
    public void Load_RandomDamage_NeverFailsOtherwise()
    {
        const int Seed = 42;
        using var folder = new TemporaryFolder();
        var random = new Random(Seed);
        byte[] good = System.Text.Encoding.UTF8.GetBytes(Good);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. good];
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }
            File.WriteAllBytes(folder["edge-runtime.json"], damaged);
            Exception? e = Record.Exception(() => ConfigFile.Load(folder["edge-runtime.json"]));
            Assert.True(e is null or ConfigException, $"seed {Seed}, case {i}: {e}");
        }
    }

    private static RuntimeConfig Load(TemporaryFolder folder, string text)
    {
        File.WriteAllText(folder["edge-runtime.json"], text);
        return ConfigFile.Load(folder["edge-runtime.json"]);
    }
}
