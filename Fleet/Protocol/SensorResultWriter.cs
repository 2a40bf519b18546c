using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// Writes the JSON of <see cref="SensorResult"/> and <see cref="SensorEvent"/> window after window into one buffer, without an allocation once the buffer has
/// grown to the longest message. One thread at a time.
/// </summary>
public sealed class SensorResultWriter : IDisposable
{
    private static readonly JsonEncodedText ReadingTimeName = JsonEncodedText.Encode("readingTime");
    private static readonly JsonEncodedText EventName = JsonEncodedText.Encode("event");
    private static readonly JsonEncodedText ClassChange = JsonEncodedText.Encode("classChange");
    private static readonly JsonEncodedText AnomalyStart = JsonEncodedText.Encode("anomalyStart");
    private static readonly JsonEncodedText AnomalyEnd = JsonEncodedText.Encode("anomalyEnd");
    private static readonly JsonEncodedText ReadingsName = JsonEncodedText.Encode("readings");
    private static readonly JsonEncodedText ClassesName = JsonEncodedText.Encode("classes");
    private static readonly JsonEncodedText StateName = JsonEncodedText.Encode("state");
    private static readonly JsonEncodedText SinceName = JsonEncodedText.Encode("since");
    private static readonly JsonEncodedText AnomalyName = JsonEncodedText.Encode("anomaly");
    private static readonly JsonEncodedText ScoreName = JsonEncodedText.Encode("score");
    private static readonly JsonEncodedText ThresholdName = JsonEncodedText.Encode("threshold");
    private static readonly JsonEncodedText IsAnomalyName = JsonEncodedText.Encode("isAnomaly");

    private readonly ResultEnvelope _envelope;
    private readonly JsonEncodedText[] _columns;

    /// <summary>Makes a writer for one pipeline and one model.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="model">The model that makes the results.</param>
    /// <param name="labels">The names of the classes by index; may be shorter than the model's output, or empty.</param>
    /// <param name="columns">The names of the readings.</param>
    public SensorResultWriter(string pipeline, ModelReference model, IReadOnlyList<string> labels, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _envelope = new ResultEnvelope(pipeline, model, labels);
        _columns = new JsonEncodedText[columns.Count];
        for (int i = 0; i < _columns.Length; i++)
        {
            _columns[i] = ResultEnvelope.EncodeText(columns[i]);
        }
    }

    /// <summary>Writes one result.</summary>
    /// <param name="sequence">The number of the newest reading, from 1.</param>
    /// <param name="timeUtc">When the result was made; its kind must be UTC.</param>
    /// <param name="source">Where the readings come from, from <see cref="ClassificationResultWriter.EncodeText"/>.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="latency">What the window cost.</param>
    /// <returns>The JSON, valid until the next call.</returns>
    /// <exception cref="ArgumentException">A time is not UTC, or numbers of columns, classes and scores do not fit.</exception>
    public ReadOnlySpan<byte> Write(long sequence, DateTime timeUtc, JsonEncodedText source, scoped in SensorFindings findings, scoped in StageTimes latency)
    {
        if (findings.Readings.Length != _columns.Length || findings.Classes.Length != findings.Scores.Length || findings.ReadingTime.Kind != DateTimeKind.Utc)
        {
            throw new ArgumentException("as many readings as columns, as many scores as classes and a time in UTC are needed", nameof(findings));
        }
        _envelope.Begin(sequence, timeUtc, source);
        Utf8JsonWriter json = _envelope.Json;
        json.WriteString(ReadingTimeName, findings.ReadingTime);
        json.WriteStartObject(ReadingsName);
        for (int i = 0; i < _columns.Length; i++)
        {
            if (float.IsFinite(findings.Readings[i]))
            {
                json.WriteNumber(_columns[i], findings.Readings[i]);
            }
            else
            {
                json.WriteNull(_columns[i]);
            }
        }
        json.WriteEndObject();
        if (findings.HasAnomaly)
        {
            WriteAnomaly(findings);
        }
        else
        {
            WriteClasses(findings);
        }
        return _envelope.End(latency);
    }

    /// <summary>Writes that another class holds, or that an anomaly has begun or ended.</summary>
    /// <param name="sequence">The number of the newest reading, from 1.</param>
    /// <param name="timeUtc">When it was noticed; its kind must be UTC.</param>
    /// <param name="source">Where the readings come from, from <see cref="ClassificationResultWriter.EncodeText"/>.</param>
    /// <param name="findings">What was found.</param>
    /// <returns>The JSON, valid until the next call.</returns>
    /// <exception cref="ArgumentException">A time is not UTC.</exception>
    public ReadOnlySpan<byte> WriteEvent(long sequence, DateTime timeUtc, JsonEncodedText source, scoped in SensorFindings findings)
    {
        _envelope.Begin(sequence, timeUtc, source);
        _envelope.Json.WriteString(EventName, !findings.HasAnomaly ? ClassChange : findings.IsAnomaly ? AnomalyStart : AnomalyEnd);
        _envelope.Json.WriteString(ReadingTimeName, findings.ReadingTime);
        if (findings.HasAnomaly)
        {
            WriteAnomaly(findings);
        }
        else
        {
            WriteState(findings);
        }
        return _envelope.End();
    }

    /// <summary>Gives the JSON writer's buffer back.</summary>
    public void Dispose() => _envelope.Dispose();

    private void WriteClasses(scoped in SensorFindings findings)
    {
        Utf8JsonWriter json = _envelope.Json;
        json.WriteStartArray(ClassesName);
        for (int i = 0; i < findings.Classes.Length; i++)
        {
            json.WriteStartObject();
            _envelope.WriteClass(findings.Classes[i], findings.Scores[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteState(findings);
    }

    private void WriteState(scoped in SensorFindings findings)
    {
        Utf8JsonWriter json = _envelope.Json;
        if (findings.State >= 0)
        {
            json.WriteStartObject(StateName);
            _envelope.WriteClassName(findings.State);
            json.WriteString(SinceName, findings.StateSince);
            json.WriteEndObject();
        }
    }

    private void WriteAnomaly(scoped in SensorFindings findings)
    {
        Utf8JsonWriter json = _envelope.Json;
        json.WriteStartObject(AnomalyName);
        json.WriteNumber(ScoreName, double.IsFinite(findings.AnomalyScore) ? findings.AnomalyScore : double.MaxValue);
        if (findings.AnomalyThreshold is { } threshold)
        {
            json.WriteNumber(ThresholdName, threshold);
        }
        json.WriteBoolean(IsAnomalyName, findings.IsAnomaly);
        json.WriteEndObject();
    }
}
