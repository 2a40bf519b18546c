using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Edge.Foundation;

namespace Edge.Agent.State;

/// <summary>Small JSON files that are either the old one or the new one, whole.</summary>
internal static class JournalFile
{
    private const int MaximumBytes = 8 << 20;

    /// <summary>Reads a file; null where there is none, or where it is not readable as such (a disk that lies about what it has kept).</summary>
    internal static T? Load<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= MaximumBytes })
            {
                return null;
            }
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static void Save<T>(string path, T value, JsonTypeInfo<T> type) =>
        AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(value, type));
}
