using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// What the result messages of all kinds have in common, written frame after frame into one buffer, without an allocation
/// once the buffer has grown to the longest message. One thread at a time.
/// </summary>
internal sealed class ResultEnvelope : IDisposable
{
    private static readonly JsonEncodedText PipelineName = JsonEncodedText.Encode("pipeline");
    private static readonly JsonEncodedText SequenceName = JsonEncodedText.Encode("sequence");
    private static readonly JsonEncodedText TimeName = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText SourceName = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText IndexName = JsonEncodedText.Encode("index");
    private static readonly JsonEncodedText LabelName = JsonEncodedText.Encode("label");
    private static readonly JsonEncodedText ScoreName = JsonEncodedText.Encode("score");
    private static readonly JsonEncodedText LatencyName = JsonEncodedText.Encode("latencyMs");
    private static readonly JsonEncodedText DecodeName = JsonEncodedText.Encode("decode");
    private static readonly JsonEncodedText PreprocessName = JsonEncodedText.Encode("preprocess");
    private static readonly JsonEncodedText InferName = JsonEncodedText.Encode("infer");
    private static readonly JsonEncodedText PostprocessName = JsonEncodedText.Encode("postprocess");
    private static readonly JsonEncodedText TotalName = JsonEncodedText.Encode("total");
    private static readonly JsonEncodedText ModelName = JsonEncodedText.Encode("model");
    private static readonly JsonEncodedText NameName = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText VersionName = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText ReleaseName = JsonEncodedText.Encode("release");
    private static readonly JsonEncodedText BoxName = JsonEncodedText.Encode("box");
    private static readonly JsonEncodedText LeftName = JsonEncodedText.Encode("left");
    private static readonly JsonEncodedText TopName = JsonEncodedText.Encode("top");
    private static readonly JsonEncodedText RightName = JsonEncodedText.Encode("right");
    private static readonly JsonEncodedText BottomName = JsonEncodedText.Encode("bottom");

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly JsonEncodedText _pipeline;
    private readonly JsonEncodedText _modelName;
    private readonly JsonEncodedText _modelVersion;
    private readonly long _release;
    private readonly JsonEncodedText[] _labels;

    internal ResultEnvelope(string pipeline, ModelReference model, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        _pipeline = EncodeText(pipeline);
        _modelName = EncodeText(model.Name);
        _modelVersion = EncodeText(model.Version);
        _release = model.Release;
        _labels = EncodeAll(labels);
        Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Where the fields between <see cref="Begin"/> and <see cref="End()"/> go.</summary>
    internal Utf8JsonWriter Json { get; }

    internal static JsonEncodedText EncodeText(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    internal static JsonEncodedText[] EncodeAll(IReadOnlyList<string> texts)
    {
        var encoded = new JsonEncodedText[texts.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] = EncodeText(texts[i]);
        }
        return encoded;
    }

    /// <summary>Writes what comes before the result itself.</summary>
    internal void Begin(long sequence, DateTime timeUtc, JsonEncodedText source)
    {
        if (timeUtc.Kind != DateTimeKind.Utc)
        {
            throw new ArgumentException("the time must be UTC", nameof(timeUtc));
        }
        _buffer.ResetWrittenCount();
        Json.Reset();
        Json.WriteStartObject();
        Json.WriteString(PipelineName, _pipeline);
        Json.WriteNumber(SequenceName, sequence);
        Json.WriteString(TimeName, timeUtc);
        Json.WriteString(SourceName, source);
    }

    /// <summary>Writes a class's number, name and score.</summary>
    internal void WriteClass(int index, float score)
    {
        WriteClassName(index);
        // JSON has no word for NaN or infinity: a model that makes them has no confidence in anything.
        Json.WriteNumber(ScoreName, float.IsFinite(score) ? score : 0f);
    }

    /// <summary>Writes a class's number and name.</summary>
    internal void WriteClassName(int index)
    {
        Json.WriteNumber(IndexName, index);
        if ((uint)index < (uint)_labels.Length)
        {
            Json.WriteString(LabelName, _labels[index]);
        }
    }

    /// <summary>Writes a box's edges.</summary>
    internal void WriteBox(in DetectedBox box)
    {
        Json.WriteStartObject(BoxName);
        WritePixels(LeftName, box.Left);
        WritePixels(TopName, box.Top);
        WritePixels(RightName, box.Right);
        WritePixels(BottomName, box.Bottom);
        Json.WriteEndObject();
    }

    /// <summary>Writes what comes behind the result.</summary>
    /// <returns>The JSON, valid until the next <see cref="Begin"/>.</returns>
    internal ReadOnlySpan<byte> End(scoped in StageTimes latency)
    {
        Json.WriteStartObject(LatencyName);
        WriteMilliseconds(DecodeName, latency.Decode);
        WriteMilliseconds(PreprocessName, latency.Preprocess);
        WriteMilliseconds(InferName, latency.Infer);
        WriteMilliseconds(PostprocessName, latency.Postprocess);
        WriteMilliseconds(TotalName, latency.Total);
        Json.WriteEndObject();
        return End();
    }

    /// <summary>Writes what comes behind a message without latencies.</summary>
    /// <returns>The JSON, valid until the next <see cref="Begin"/>.</returns>
    internal ReadOnlySpan<byte> End()
    {
        Json.WriteStartObject(ModelName);
        Json.WriteString(NameName, _modelName);
        Json.WriteString(VersionName, _modelVersion);
        Json.WriteNumber(ReleaseName, _release);
        Json.WriteEndObject();
        Json.WriteEndObject();
        Json.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose() => Json.Dispose();

    private void WritePixels(JsonEncodedText name, float value) =>
        Json.WriteNumber(name, float.IsFinite(value) ? Math.Round((double)value, 2) : 0);

    private void WriteMilliseconds(JsonEncodedText name, TimeSpan time) =>
        Json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));
}
