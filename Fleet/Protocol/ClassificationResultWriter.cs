using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// Writes the JSON of <see cref="ClassificationResult"/> frame after frame into one buffer, without an allocation
/// once the buffer has grown to the longest message. One thread at a time.
/// </summary>
public sealed class ClassificationResultWriter : IDisposable
{
    private static readonly JsonEncodedText PipelineName = JsonEncodedText.Encode("pipeline");
    private static readonly JsonEncodedText SequenceName = JsonEncodedText.Encode("sequence");
    private static readonly JsonEncodedText TimeName = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText SourceName = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText ClassesName = JsonEncodedText.Encode("classes");
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

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly JsonEncodedText _pipeline;
    private readonly JsonEncodedText _modelName;
    private readonly JsonEncodedText _modelVersion;
    private readonly long _release;
    private readonly JsonEncodedText[] _labels;

    /// <summary>Makes a writer for one pipeline and one model.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="model">The model that makes the results.</param>
    /// <param name="labels">The names of the classes by index; may be shorter than the model's output, or empty.</param>
    public ClassificationResultWriter(string pipeline, ModelReference model, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        _pipeline = EncodeText(pipeline);
        _modelName = EncodeText(model.Name);
        _modelVersion = EncodeText(model.Version);
        _release = model.Release;
        _labels = new JsonEncodedText[labels.Count];
        for (int i = 0; i < _labels.Length; i++)
        {
            _labels[i] = EncodeText(labels[i]);
        }
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Encodes a text once, so that writing it many times costs a copy: a source's name, say.</summary>
    /// <param name="text">Any text; what is not valid UTF-16 is replaced.</param>
    public static JsonEncodedText EncodeText(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>Writes one result.</summary>
    /// <param name="sequence">The frame's number, from 1.</param>
    /// <param name="timeUtc">When the result was made; its kind must be UTC.</param>
    /// <param name="source">What was looked at, from <see cref="EncodeText"/>.</param>
    /// <param name="indices">The classes, best first.</param>
    /// <param name="scores">Their probabilities, as many.</param>
    /// <param name="latency">What the frame cost.</param>
    /// <returns>The JSON, valid until the next call.</returns>
    /// <exception cref="ArgumentException">The time is not UTC, or there are not as many scores as indices.</exception>
    public ReadOnlySpan<byte> Write(
        long sequence,
        DateTime timeUtc,
        JsonEncodedText source,
        ReadOnlySpan<int> indices,
        ReadOnlySpan<float> scores,
        in StageTimes latency)
    {
        if (timeUtc.Kind != DateTimeKind.Utc)
        {
            throw new ArgumentException("the time must be UTC", nameof(timeUtc));
        }
        if (indices.Length != scores.Length)
        {
            throw new ArgumentException("as many scores as indices are needed", nameof(scores));
        }
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString(PipelineName, _pipeline);
        _json.WriteNumber(SequenceName, sequence);
        _json.WriteString(TimeName, timeUtc);
        _json.WriteString(SourceName, source);
        WriteClasses(indices, scores);
        WriteLatency(latency);
        _json.WriteStartObject(ModelName);
        _json.WriteString(NameName, _modelName);
        _json.WriteString(VersionName, _modelVersion);
        _json.WriteNumber(ReleaseName, _release);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    /// <summary>Gives the JSON writer's buffer back.</summary>
    public void Dispose() => _json.Dispose();

    private void WriteClasses(ReadOnlySpan<int> indices, ReadOnlySpan<float> scores)
    {
        _json.WriteStartArray(ClassesName);
        for (int i = 0; i < indices.Length; i++)
        {
            _json.WriteStartObject();
            _json.WriteNumber(IndexName, indices[i]);
            if ((uint)indices[i] < (uint)_labels.Length)
            {
                _json.WriteString(LabelName, _labels[indices[i]]);
            }
            // JSON has no word for NaN or infinity: a model that makes them has no confidence in anything.
            _json.WriteNumber(ScoreName, float.IsFinite(scores[i]) ? scores[i] : 0f);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteLatency(in StageTimes latency)
    {
        _json.WriteStartObject(LatencyName);
        WriteMilliseconds(DecodeName, latency.Decode);
        WriteMilliseconds(PreprocessName, latency.Preprocess);
        WriteMilliseconds(InferName, latency.Infer);
        WriteMilliseconds(PostprocessName, latency.Postprocess);
        WriteMilliseconds(TotalName, latency.Total);
        _json.WriteEndObject();
    }

    private void WriteMilliseconds(JsonEncodedText name, TimeSpan time) =>
        _json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));
}
