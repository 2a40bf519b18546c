using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// Writes the JSON of <see cref="ObjectEvent"/> event after event into one buffer, without an allocation once the buffer has grown
/// to the longest message. One thread at a time.
/// </summary>
public sealed class ObjectEventWriter : IDisposable
{
    private static readonly JsonEncodedText EventName = JsonEncodedText.Encode("event");
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText WidthName = JsonEncodedText.Encode("width");
    private static readonly JsonEncodedText HeightName = JsonEncodedText.Encode("height");
    private static readonly JsonEncodedText ZoneName = JsonEncodedText.Encode("zone");
    private static readonly JsonEncodedText LineName = JsonEncodedText.Encode("line");
    private static readonly JsonEncodedText DirectionName = JsonEncodedText.Encode("direction");
    private static readonly JsonEncodedText DwellName = JsonEncodedText.Encode("dwellSeconds");
    private static readonly JsonEncodedText ObjectName = JsonEncodedText.Encode("object");
    private static readonly JsonEncodedText BestName = JsonEncodedText.Encode("best");
    private static readonly JsonEncodedText ScoreName = JsonEncodedText.Encode("score");
    private static readonly JsonEncodedText TimeName = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText FirstSeenName = JsonEncodedText.Encode("firstSeen");
    private static readonly JsonEncodedText LastSeenName = JsonEncodedText.Encode("lastSeen");
    private static readonly JsonEncodedText StationaryName = JsonEncodedText.Encode("stationary");
    private static readonly JsonEncodedText ZonesName = JsonEncodedText.Encode("zones");
    private static readonly JsonEncodedText PathName = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText LeftToRight = JsonEncodedText.Encode("leftToRight");
    private static readonly JsonEncodedText RightToLeft = JsonEncodedText.Encode("rightToLeft");

    // By the number of ObjectEventKind.
    private static readonly JsonEncodedText[] Kinds =
    [
        JsonEncodedText.Encode("start"), JsonEncodedText.Encode("update"), JsonEncodedText.Encode("end"),
        JsonEncodedText.Encode("zoneEnter"), JsonEncodedText.Encode("zoneLeave"), JsonEncodedText.Encode("loiter"),
        JsonEncodedText.Encode("lineCross"), JsonEncodedText.Encode("stationary"), JsonEncodedText.Encode("moving"),
    ];

    private readonly ResultEnvelope _envelope;
    private readonly JsonEncodedText[] _zones;
    private readonly JsonEncodedText[] _lines;

    /// <summary>Makes a writer for one pipeline and one model.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="model">The model that sees the objects.</param>
    /// <param name="labels">The names of the classes by index; may be shorter than the model's output, or empty.</param>
    /// <param name="zones">The names of the zones.</param>
    /// <param name="lines">The names of the lines.</param>
    public ObjectEventWriter(string pipeline, ModelReference model, IReadOnlyList<string> labels, IReadOnlyList<string> zones, IReadOnlyList<string> lines)
    {
        _envelope = new ResultEnvelope(pipeline, model, labels);
        _zones = ResultEnvelope.EncodeAll(zones);
        _lines = ResultEnvelope.EncodeAll(lines);
    }

    /// <summary>Writes one event.</summary>
    /// <param name="data">What happened.</param>
    /// <returns>The JSON, valid until the next call.</returns>
    /// <exception cref="ArgumentException">The time is not UTC.</exception>
    public ReadOnlySpan<byte> Write(scoped in ObjectEventData data)
    {
        _envelope.Begin(data.Sequence, data.Time, data.Source);
        Utf8JsonWriter json = _envelope.Json;
        json.WriteString(EventName, Kinds[(int)data.Kind]);
        json.WriteNumber(IdName, data.Id);
        json.WriteNumber(WidthName, data.Width);
        json.WriteNumber(HeightName, data.Height);
        if (data.Place >= 0)
        {
            bool isLine = data.Kind == ObjectEventKind.LineCross;
            json.WriteString(isLine ? LineName : ZoneName, (isLine ? _lines : _zones)[data.Place]);
        }
        if (data.Direction != 0)
        {
            json.WriteString(DirectionName, data.Direction > 0 ? LeftToRight : RightToLeft);
        }
        json.WriteNumber(DwellName, Math.Round(data.Dwell.TotalSeconds, 3));
        json.WriteStartObject(ObjectName);
        WriteObject(json, data);
        json.WriteEndObject();
        return _envelope.End();
    }

    /// <summary>Gives the JSON writer's buffer back.</summary>
    public void Dispose() => _envelope.Dispose();

    private void WriteObject(Utf8JsonWriter json, scoped in ObjectEventData data)
    {
        _envelope.WriteClass(data.Box.Index, data.Box.Score);
        _envelope.WriteBox(data.Box);
        json.WriteStartObject(BestName);
        json.WriteNumber(ScoreName, float.IsFinite(data.Best.Score) ? data.Best.Score : 0f);
        _envelope.WriteBox(data.Best);
        json.WriteString(TimeName, data.BestTime);
        json.WriteEndObject();
        json.WriteString(FirstSeenName, data.FirstSeen);
        json.WriteString(LastSeenName, data.LastSeen);
        json.WriteBoolean(StationaryName, data.IsStationary);
        json.WriteStartArray(ZonesName);
        for (int i = 0; i < _zones.Length; i++)
        {
            if ((data.Zones & (1UL << i)) != 0)
            {
                json.WriteStringValue(_zones[i]);
            }
        }
        json.WriteEndArray();
        json.WriteStartArray(PathName);
        for (int i = 0; i + 1 < data.Path.Length; i += 2)
        {
            json.WriteStartArray();
            json.WriteNumberValue(Share(data.Path[i]));
            json.WriteNumberValue(Share(data.Path[i + 1]));
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static double Share(float value) => float.IsFinite(value) ? Math.Round((double)value, 4) : 0;
}
