using System.Buffers;
using System.Text.Json;

namespace Edge.Packages;

/// <summary>
/// <c>manifest.json</c>: what a model package holds and how its model is used. Fields that this version
/// does not know are ignored; a newer <see cref="FormatVersion"/> is refused.
/// </summary>
public sealed record Manifest
{
    /// <summary>The format that this version writes and the newest that it reads.</summary>
    public const int CurrentFormatVersion = 1;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The version of the manifest's format; raised only where an older reader would go wrong.</summary>
    public int FormatVersion { get; set; } = CurrentFormatVersion;

    /// <summary>The model's name: lower-case letters, digits, '-', '_' and '.', 1 to 64 characters, the first a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary>The semantic version, for people.</summary>
    public required string Version { get; init; }

    /// <summary>Grows with every release of this name, from 1; a device never goes back by itself.</summary>
    public required long Release { get; init; }

    /// <summary>What the model does.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>How pixels become the input tensor; null for a model that looks at no images.</summary>
    public InputSpec? Input { get; init; }

    /// <summary>How readings become the input tensor; null for a model that looks at no sensors.</summary>
    public SensorSpec? Sensor { get; init; }

    /// <summary>How a text becomes the input tensor; null for a model that reads no texts.</summary>
    public TextSpec? Text { get; init; }

    /// <summary>How the outputs are read.</summary>
    public required OutputSpec Output { get; init; }

    /// <summary>The oldest runtime that can run the package, a semantic version.</summary>
    public string MinimumRuntime { get; set; } = "0.1.0";

    /// <summary>Facts of the quantization; null for a float model.</summary>
    public QuantizationFacts? Quantization { get; init; }

    /// <summary>Where the weights come from.</summary>
    public TrainingProvenance? Training { get; init; }

    /// <summary>Golden inputs and outputs.</summary>
    public GoldenSpec? Golden { get; init; }

    /// <summary>What the model's results looked like where it was made, for devices to notice drift; null where nobody counted.</summary>
    public ReferenceHistogram? Reference { get; init; }

    /// <summary>Every file of the package but the manifest and its signature. <see cref="PackageWriter"/> fills it in.</summary>
    public IReadOnlyList<PackageFile> Files { get; set; } = [];

    /// <summary>The usual name of the package file: <c>name-version.edgepkg</c>.</summary>
    public string FileName() => $"{Name}-{Version}.edgepkg";

    /// <summary>Reads and checks a manifest.</summary>
    /// <param name="utf8">The bytes of <c>manifest.json</c>.</param>
    /// <exception cref="PackageException">It is not JSON, lacks a field, holds a wrong value, or is newer than this runtime.</exception>
    public static Manifest Parse(ReadOnlySpan<byte> utf8)
    {
        Manifest? manifest;
        try
        {
            // A newer format may differ in any field: its version is looked at before anything else is.
            int version = JsonSerializer.Deserialize(utf8, ManifestJson.Default.FormatHeader)?.FormatVersion ?? CurrentFormatVersion;
            Check.That(version <= CurrentFormatVersion, "formatVersion", $"{version} is newer than this runtime reads ({CurrentFormatVersion}); update the runtime");
            manifest = JsonSerializer.Deserialize(utf8, ManifestJson.Default.Manifest);
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber is { } line ? $", line {line + 1}" : "";
            string field = exception.Path is { Length: > 2 } path ? $": {PackagePath.Quote(path.AsSpan(path.StartsWith("$.", StringComparison.Ordinal) ? 2 : 0))}" : "";
            throw new PackageException($"{PackagePath.Manifest}{place}{field}: not a manifest ({Reason(exception)}); make the package again", exception);
        }
        Check.That(manifest is not null, "content", "must be a JSON object");
        manifest!.Validate();
        return manifest;
    }

    /// <summary>The bytes of <c>manifest.json</c>: indented UTF-8 with a final newline; the same manifest gives the same bytes.</summary>
    public byte[] ToUtf8()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.Manifest);
        return [.. json, (byte)'\n'];
    }

    /// <summary>Checks every field, each on its own and against the others.</summary>
    /// <exception cref="PackageException">A field is wrong; the message names it.</exception>
    public void Validate()
    {
        Check.That(FormatVersion is >= 1 and <= CurrentFormatVersion, "formatVersion", $"must be 1 to {CurrentFormatVersion}");
        Check.That(IsName(Name), "name", "must be 1 to 64 lower-case letters, digits, '-', '_' or '.', the first a letter or digit");
        Check.That(SemanticVersion.TryParse(Version, out _), "version", "must be a semantic version such as 1.2.0");
        Check.That(Release >= 1, "release", "must be 1 or more");
        Check.That(SemanticVersion.TryParse(MinimumRuntime, out _), "minimumRuntime", "must be a semantic version such as 0.1.0");
        Input?.Validate();
        Sensor?.Validate();
        Text?.Validate();
        CheckInput();
        Output.Validate();
        Quantization?.Validate();
        Training?.Validate();
        Golden?.Validate();
        Reference?.Validate();
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (PackageFile? file in Files)
        {
            Check.That(file is not null, "files", "must not hold null");
            file!.Validate();
            Check.That(paths.Add(file.Path), $"files: '{file.Path}'", "is listed twice");
        }
        foreach (GoldenCase? golden in Golden?.Cases ?? [])
        {
            Check.That(golden is not null && paths.Contains(golden.Input) && paths.Contains(golden.Output), "golden.cases", "must name files of the package");
        }
    }

    private void CheckInput()
    {
        (bool fits, string rule) = Task switch
        {
            ModelTask.Classify or ModelTask.Detect or ModelTask.Segment => (Input is not null && Sensor is null && Text is null, "must have 'input', and neither 'sensor' nor 'text', for a task on images"),
            ModelTask.SensorClassify => (Sensor is not null && Input is null && Text is null, "must have 'sensor', and neither 'input' nor 'text', for sensor-classify"),
            ModelTask.TextClassify => (Text is not null && Input is null && Sensor is null, "must have 'text', and neither 'input' nor 'sensor', for text-classify"),
            _ => (Text is null && Input is null != Sensor is null, "must have either 'input' or 'sensor' for anomaly"),
        };
        Check.That(fits, "content", rule);
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64
        && !name.AsSpan().ContainsAnyExcept(NameCharacters)
        && char.IsAsciiLetterOrDigit(name[0]);

    private static string Reason(JsonException exception)
    {
        ReadOnlySpan<char> message = exception.Message;
        int end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        return PackagePath.Plain(end < 0 ? message : message[..end], 160).TrimEnd('.');
    }
}
