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
    private static readonly JsonEncodedText TrackName = JsonEncodedText.Encode("track");
    private static readonly JsonEncodedText ObjectsName = JsonEncodedText.Encode("objects");
    private static readonly JsonEncodedText ZonesName = JsonEncodedText.Encode("zones");
    private static readonly JsonEncodedText LinesName = JsonEncodedText.Encode("lines");
    private static readonly JsonEncodedText CountName = JsonEncodedText.Encode("count");
    private static readonly JsonEncodedText ClassesName = JsonEncodedText.Encode("classes");
    private static readonly JsonEncodedText LeftToRightName = JsonEncodedText.Encode("leftToRight");
    private static readonly JsonEncodedText RightToLeftName = JsonEncodedText.Encode("rightToLeft");

    private readonly ResultEnvelope _envelope;
    private readonly SceneCounts? _counts;
    private readonly JsonEncodedText[] _classes = [];
    private readonly JsonEncodedText[] _zones = [];
    private readonly JsonEncodedText[] _lines = [];

    /// <summary>Makes a writer for one pipeline and one model.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="model">The model that makes the results.</param>
    /// <param name="labels">The names of the classes by index; may be shorter than the model's output, or empty.</param>
    /// <param name="counts">Counts that every message is to carry, filled before each is written; null for messages without.</param>
    public DetectionResultWriter(string pipeline, ModelReference model, IReadOnlyList<string> labels, SceneCounts? counts = null)
    {
        _envelope = new ResultEnvelope(pipeline, model, labels);
        _counts = counts;
        if (counts is not null)
        {
            _classes = new JsonEncodedText[counts.Classes.Length];
            for (int i = 0; i < _classes.Length; i++)
            {
                _classes[i] = ResultEnvelope.EncodeText(i < labels.Count ? labels[i] : i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            _zones = ResultEnvelope.EncodeAll(counts.Zones);
            _lines = ResultEnvelope.EncodeAll(counts.Lines);
        }
    }

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
            _envelope.WriteBox(box);
            if (box.Track > 0)
            {
                json.WriteNumber(TrackName, box.Track);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (_counts is not null)
        {
            WriteCounts(json, _counts);
        }
        return _envelope.End(latency);
    }

    /// <summary>Gives the JSON writer's buffer back.</summary>
    public void Dispose() => _envelope.Dispose();

    private void WriteCounts(Utf8JsonWriter json, SceneCounts counts)
    {
        WriteCount(json, ObjectsName, counts.Classes);
        json.WriteStartObject(ZonesName);
        for (int i = 0; i < _zones.Length; i++)
        {
            WriteCount(json, _zones[i], counts.InZone(i));
        }
        json.WriteEndObject();
        json.WriteStartObject(LinesName);
        for (int i = 0; i < _lines.Length; i++)
        {
            json.WriteStartObject(_lines[i]);
            json.WriteNumber(LeftToRightName, counts.Crossings[2 * i]);
            json.WriteNumber(RightToLeftName, counts.Crossings[(2 * i) + 1]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void WriteCount(Utf8JsonWriter json, JsonEncodedText name, ReadOnlySpan<int> classes)
    {
        int count = 0;
        foreach (int each in classes)
        {
            count += each;
        }
        json.WriteStartObject(name);
        json.WriteNumber(CountName, count);
        json.WriteStartObject(ClassesName);
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] > 0)
            {
                json.WriteNumber(_classes[i], classes[i]);
            }
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
