using System.Text;
using Edge.Mqtt;
using Edge.Mqtt.Spool;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>What a spool holds on the disk, read from a copy: what a process that was killed had promised.</summary>
internal static class SpoolFile
{
    private static readonly byte[] Mark = "\"delivery\":{\"boot\":\""u8.ToArray();

    /// <summary>The topic, boot and number of every message, in the order in which they would be sent.</summary>
    internal static List<(string Topic, string Boot, long Number)> Read(string path)
    {
        using var folder = new TemporaryFolder();
        var messages = new List<(string Topic, string Boot, long Number)>();
        if (!File.Exists(path))
        {
            return messages;
        }
        File.Copy(path, folder["spool"]);
        if (File.Exists(path + "-wal"))
        {
            File.Copy(path + "-wal", folder["spool-wal"]);
        }
        using SpoolStore store = SpoolStore.Open(new SpoolOptions { Path = folder["spool"], MaximumBytes = 1L << 40 }, line => throw new InvalidDataException(line));
        var topics = new Dictionary<int, string>();
        long cursor = 0;
        while (store.TryRead(cursor, out long row, out int topic, out _, out ReadOnlySpan<byte> payload))
        {
            ReadOnlySpan<byte> delivery = payload[(payload.LastIndexOf(Mark) + Mark.Length)..];
            string boot = Encoding.ASCII.GetString(delivery[..16]);
            long number = long.Parse(delivery[(delivery.IndexOf((byte)':') + 1)..^2], System.Globalization.CultureInfo.InvariantCulture);
            store.EndRead();
            if (!topics.TryGetValue(topic, out string? name))
            {
                topics.Add(topic, name = store.TopicName(topic));
            }
            messages.Add((name, boot, number));
            cursor = row;
        }
        store.EndRead();
        return messages;
    }

    /// <summary>The bytes of the file and of its log.</summary>
    internal static long Bytes(string path) => Length(path) + Length(path + "-wal");

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
