using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// Writes the JSON of <see cref="DetectionResult"/> frame after frame into one buffer, without an allocation
/// once the buffer has grown to the longest message. One thread at a time.
/// </summary>
public sealed class DetectionResultWriter : IDisposable
{
    private static readonly JsonEncodedText WidthName = JsonEncodedText.Encode("width");
    private static readonly JsonEncodedText HeightName = JsonEncodedText.Encode("height");
    private static readonly JsonEncodedText DetectionsName = JsonEncodedText.Encode("detections");
    private static readonly JsonEncodedText BoxName = JsonEncodedText.Encode("box");
    private static readonly JsonEncodedText LeftName = JsonEncodedText.Encode("left");
    private static readonly JsonEncodedText TopName = JsonEncodedText.Encode("top");
    private static readonly JsonEncodedText RightName = JsonEncodedText.Encode("right");
    private static readonly JsonEncodedText BottomName = JsonEncodedText.Encode("bottom");

    private readonly ResultEnvelope _envelope;

    /// <summary>Makes a writer for one pipeline and one model.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="model">The model that makes the results.</param>
    /// <param name="labels">The names of the classes by index; may be shorter than the model's output, or empty.</param>
    public DetectionResultWriter(string pipeline, ModelReference model, IReadOnlyList<string> labels) =>
        _envelope = new ResultEnvelope(pipeline, model, labels);

    /// <summary>Writes one result.</summary>
    /// <param name="sequence">The frame's number, from 1.</param>
    /// <param name="timeUtc">When the result was made; its kind must be UTC.</param>
    /// <param name="source">What was looked at, from <see cref="ClassificationResultWriter.EncodeText"/>.</param>
    /// <param name="width">The frame's columns.</param>
    /// <param name="height">The frame's rows.</param>
    /// <param name="boxes">What was found, the surest first.</param>
    /// <param name="latency">What the frame cost.</param>
    /// <returns>The JSON, valid until the next call.</returns>
    /// <exception cref="ArgumentException">The time is not UTC.</exception>
    public ReadOnlySpan<byte> Write(
        long sequence,
        DateTime timeUtc,
        JsonEncodedText source,
        int width,
        int height,
        ReadOnlySpan<DetectedBox> boxes,
        scoped in StageTimes latency)
    {
        _envelope.Begin(sequence, timeUtc, source);
        Utf8JsonWriter json = _envelope.Json;
        json.WriteNumber(WidthName, width);
        json.WriteNumber(HeightName, height);
        json.WriteStartArray(DetectionsName);
        foreach (ref readonly DetectedBox box in boxes)
        {
            json.WriteStartObject();
            _envelope.WriteClass(box.Index, box.Score);
            json.WriteStartObject(BoxName);
            WritePixels(LeftName, box.Left);
            WritePixels(TopName, box.Top);
            WritePixels(RightName, box.Right);
            WritePixels(BottomName, box.Bottom);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        return _envelope.End(latency);
    }

    /// <summary>Gives the JSON writer's buffer back.</summary>
    public void Dispose() => _envelope.Dispose();

    private void WritePixels(JsonEncodedText name, float value) =>
        _envelope.Json.WriteNumber(name, float.IsFinite(value) ? Math.Round((double)value, 2) : 0);
}
