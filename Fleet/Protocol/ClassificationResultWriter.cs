using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// Writes the JSON of <see cref="ClassificationResult"/> frame after frame into one buffer, without an allocation
/// once the buffer has grown to the longest message. One thread at a time.
/// </summary>
public sealed class ClassificationResultWriter : IDisposable
{
    private static readonly JsonEncodedText ClassesName = JsonEncodedText.Encode("classes");

    private readonly ResultEnvelope _envelope;

    /// <summary>Makes a writer for one pipeline and one model.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="model">The model that makes the results.</param>
    /// <param name="labels">The names of the classes by index; may be shorter than the model's output, or empty.</param>
    public ClassificationResultWriter(string pipeline, ModelReference model, IReadOnlyList<string> labels) =>
        _envelope = new ResultEnvelope(pipeline, model, labels);

    /// <summary>Encodes a text once, so that writing it many times costs a copy: a source's name, say.</summary>
    /// <param name="text">Any text; what is not valid UTF-16 is replaced.</param>
    public static JsonEncodedText EncodeText(string text) => ResultEnvelope.EncodeText(text);

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
        scoped in StageTimes latency)
    {
        if (indices.Length != scores.Length)
        {
            throw new ArgumentException("as many scores as indices are needed", nameof(scores));
        }
        _envelope.Begin(sequence, timeUtc, source);
        Utf8JsonWriter json = _envelope.Json;
        json.WriteStartArray(ClassesName);
        for (int i = 0; i < indices.Length; i++)
        {
            json.WriteStartObject();
            _envelope.WriteClass(indices[i], scores[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        return _envelope.End(latency);
    }

    /// <summary>Gives the JSON writer's buffer back.</summary>
    public void Dispose() => _envelope.Dispose();
}
