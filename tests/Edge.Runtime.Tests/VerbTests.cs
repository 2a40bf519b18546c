using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class VerbTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private readonly TestModel _model = fixture.Model;

    [Fact]
    public void Version_Asked_NamesProgramAndEngine()
    {
        (int exitCode, string output, _) = RuntimeProcess.Run("--version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^edge-runtime \d+\.\d+\.\d+\S*\nONNX Runtime \d+\.\d+\.\d+\n$", output);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("run")]
    [InlineData("infer")]
    [InlineData("--log", "loud", "doctor")]
    [InlineData]
    public void Usage_Wrong_OneLineAndExitCode2(params string[] arguments)
    {
        (int exitCode, string output, string errors) = RuntimeProcess.Run(arguments);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        AssertOneLine(errors);
    }

    [Fact]
    public void Infer_Images_PrintsTheirClasses()
    {
        string images = _model.WriteImages("infer", 3);
        (int exitCode, string output, string errors) = RuntimeProcess.Run("infer", _model.Package, $"{images}/0000.png", $"{images}/0002.png", "--trust", _model.Key);
        Assert.True(exitCode == 0, errors);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"{images}/0000.png: dark 0.99", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{images}/0002.png: bright 0.99", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Preview_Folder_DrawsEveryPictureAndMakesAPage()
    {
        string images = _model.WriteImages("preview", 3);
        File.WriteAllText($"{images}/<b>.png", "no image");
        string target = _model.Folder["drawn"];
        (int exitCode, string output, string errors) = RuntimeProcess.Run("preview", _model.Package, images, "--out", target, "--trust", _model.Key);
        Assert.Equal(2, exitCode);
        AssertOneLine(errors);
        Assert.Equal($"{target}/index.html\n", output);
        string page = File.ReadAllText($"{target}/index.html");
        Assert.Contains("3 pictures, 1 unreadable", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;.png", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        foreach (string label in TestModel.Labels)
        {
            Assert.Contains($">{label} <small>1</small></button>", page, StringComparison.Ordinal);
        }
        for (int i = 0; i < 3; i++)
        {
            Assert.Contains($"src=\"000{i}.png\"", page, StringComparison.Ordinal);
            Assert.NotEqual(File.ReadAllBytes($"{images}/000{i}.png"), File.ReadAllBytes($"{target}/000{i}.png"));
        }
        (exitCode, _, errors) = RuntimeProcess.Run("preview", _model.Package, images, "--out", images, "--trust", _model.Key);
        Assert.Equal(2, exitCode);
        Assert.Contains("would write over", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Infer_JsonWithTop_IsWhatTheProtocolReads()
    {
        string images = _model.WriteImages("infer-json", 3, ".jpg");
        (int exitCode, string output, string errors) = RuntimeProcess.Run("infer", _model.Package, $"{images}/0001.jpg", "--allow-unsigned", "--json", "--top", "3");
        Assert.True(exitCode == 0, errors);
        ClassificationResult result = ClassificationResult.Parse(Encoding.UTF8.GetBytes(output.TrimEnd('\n')));
        Assert.Equal("mid", result.Classes[0].Label);
        Assert.Equal(3, result.Classes.Count);
        Assert.Equal(1, result.Classes.Sum(c => c.Score), 1e-5);
        Assert.Equal(12, result.Model.Release);
    }

    [Fact]
    public void Infer_BadImages_OneLineEachAndTheOthersAreClassified()
    {
        string images = _model.WriteImages("infer-bad", 1);
        byte[] jpeg = TestModel.Image(200, ".jpg");
        File.WriteAllBytes($"{images}/cut.jpg", jpeg.AsSpan(0, jpeg.Length / 2));
        File.WriteAllBytes($"{images}/really-png.jpg", TestModel.Image(200));
        File.WriteAllText($"{images}/text.png", "hello");
        File.WriteAllBytes($"{images}/empty.png", []);
        string[] bad = [$"{images}/cut.jpg", $"{images}/really-png.jpg", $"{images}/text.png", $"{images}/empty.png", $"{images}/absent.png"];
        (int exitCode, string output, string errors) = RuntimeProcess.Run(["infer", _model.Package, .. bad, $"{images}/0000.png", "--trust", _model.Key]);
        Assert.Equal(2, exitCode);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(bad.Length, lines.Length);
        for (int i = 0; i < bad.Length; i++)
        {
            Assert.StartsWith($"edge-runtime: {bad[i]}: ", lines[i], StringComparison.Ordinal);
        }
        Assert.EndsWith("holds a PNG image; rename it to .png", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Infer_UntrustedKey_OneLineAndExitCode2() => AssertRefused("infer", _model.Package, "x.png", "--trust", _model.OtherKey);

    [Fact]
    public void Infer_NoWordAboutTrust_OneLineAndExitCode2() => AssertRefused("infer", _model.Package, "x.png");

    [Fact]
    public void Infer_PackageOfAnotherKind_OneLineAndExitCode2() => AssertRefused("infer", _model.Key, "x.png", "--allow-unsigned");

    [Fact]
    public void Infer_FlippedByte_OneLineAndExitCode2()
    {
        byte[] package = File.ReadAllBytes(_model.Package);
        string flipped = _model.Folder["flipped.edgepkg"];
        foreach (int position in new[] { 0, package.Length / 3, package.Length / 2, package.Length - 1 })
        {
            byte[] copy = [.. package];
            copy[position] ^= 0x40;
            File.WriteAllBytes(flipped, copy);
            AssertRefused("infer", flipped, "x.png", "--trust", _model.Key);
        }
    }

    [Fact]
    public void Run_UnknownField_OneLineAndExitCode2()
    {
        string config = _model.WriteConfig(1, _model.WriteImages("run-bad", 1), pipeline: ", \"topk\": 3");
        string errors = AssertRefused("run", "--config", config);
        Assert.Contains("pipelines[0].topk: unknown field: did you mean \"topK\"?", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoImages_OneLineAndExitCode2()
    {
        string config = _model.WriteConfig(1, Directory.CreateDirectory(_model.Folder["nothing"]).FullName);
        Assert.Contains("holds no JPEG or PNG files", AssertRefused("run", "--config", config), StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_Folder_MeasuresEveryStageBesideTheBareEngine()
    {
        string images = _model.WriteImages("bench", 6);
        (int exitCode, string output, string errors) = RuntimeProcess.Run(
            "bench", _model.Package, "--images", images, "--seconds", "0.5", "--trust", _model.Key, "--json", "--threads", "1");
        Assert.True(exitCode == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.True(json.RootElement.GetProperty("frames").GetInt64() > 100, output);
        Assert.True(json.RootElement.GetProperty("latencyMs").GetProperty("decode").GetProperty("p50").GetDouble() > 0, output);
        Assert.True(json.RootElement.GetProperty("bareEngineMs").GetProperty("p50").GetDouble() > 0, output);
        // A frame that allocates costs 24 bytes at least; what the run-time compiler makes once does not count.
        Assert.InRange(json.RootElement.GetProperty("allocatedBytesPerFrame").GetDouble(), 0, 0.1);
    }

    [Fact]
    public void Doctor_ThisMachine_EverythingNeededIsThere()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string config = _model.WriteConfig(broker.Port, _model.WriteImages("doctor", 1));
        (int exitCode, string output, string errors) = RuntimeProcess.Run("doctor", "--config", config, "--json");
        Assert.True(exitCode == 0, output + errors);
        using JsonDocument json = JsonDocument.Parse(output);
        string[] names = [.. json.RootElement.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()!)];
        string[] expected =
        [
            "engine", "engine telemetry", "provider tensorrt", "provider cuda", "provider xnnpack", "provider acl", "provider cpu",
            "JPEG library", "PNG library", "signatures", "mqtt library", "processor", "trusted key", "package of light", "source of light", "broker",
        ];
        Assert.Equal(expected, names);
        Assert.Contains(MqttLibrary.Version, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_BrokerAbsent_SaysSoWithExitCode1()
    {
        string config = _model.WriteConfig(MosquittoBroker.FreePort(), _model.WriteImages("doctor-broken", 1));
        (int exitCode, string output, _) = RuntimeProcess.Run("doctor", "--config", config);
        Assert.Equal(1, exitCode);
        Assert.Matches(@"broken  broker: 127\.0\.0\.1:\d+: Connection refused: is the broker running", output);
    }

    private static string AssertRefused(params string[] arguments)
    {
        (int exitCode, string output, string errors) = RuntimeProcess.Run(arguments);
        Assert.True(exitCode == 2, $"exit code {exitCode}: {errors}");
        Assert.Empty(output);
        AssertOneLine(errors);
        return errors;
    }

    private static void AssertOneLine(string errors)
    {
        Assert.StartsWith("edge-runtime: ", errors, StringComparison.Ordinal);
        Assert.Equal(errors.Length - 1, errors.IndexOf('\n', StringComparison.Ordinal));
    }
}
