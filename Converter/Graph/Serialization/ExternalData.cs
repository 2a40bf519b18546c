using System.Globalization;
using Edge.Graph.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>Tensor data in files beside the model. A model names them, so the names are not to be trusted.</summary>
internal sealed class ExternalData(string folder)
{
    /// <summary>What all tensors of a model may take together.</summary>
    private const long MaximumTotalBytes = 16L << 30;

    private readonly Dictionary<string, long> _files = new(StringComparer.Ordinal);
    // Tied weights name the same bytes; a tensor's content never changes, so they share them.
    private readonly Dictionary<(string Path, long Offset, long Length), ReadOnlyMemory<byte>> _shared = [];
    private long _available;
    private long _total;

    internal ReadOnlyMemory<byte> Read(IEnumerable<StringStringEntryProto> entries, string where)
    {
        string? location = null;
        long offset = 0;
        long? length = null;
        foreach (StringStringEntryProto entry in entries)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = Number(entry, where);
                    break;
                case "length":
                    length = Number(entry, where);
                    break;
                default:
                    break;
            }
        }
        string path = Resolve(location, where);
        try
        {
            if (!_files.TryGetValue(path, out long size))
            {
                if (HardLinks.Count(path) != 1)
                {
                    throw new ModelFormatException($"{where}: external data '{location}' has other names too (hard links), perhaps outside the model's folder; put a copy of it there");
                }
                // Asked before the file is opened: opening a pipe would wait for its other end.
                _files[path] = size = new FileInfo(path).Length;
                _available += size;
            }
            long count = length ?? Math.Max(0, size - offset);
            if (offset > size || count > size - offset)
            {
                throw new ModelFormatException($"{where}: wants {count} bytes from {offset} on of '{location}', which has {size}; copy that file whole");
            }
            if (_shared.TryGetValue((path, offset, count), out ReadOnlyMemory<byte> known))
            {
                return known;
            }
            _total += count;
            if (count > Array.MaxLength || _total > MaximumTotalBytes || _total > _available)
            {
                throw new ModelFormatException($"{where}: its data in '{location}' take {count} bytes; a tensor may take {Array.MaxLength}, all together {MaximumTotalBytes} and no more than the files hold");
            }
            byte[] bytes = new byte[count];
            using FileStream file = File.OpenRead(path);
            file.Position = offset;
            file.ReadExactly(bytes);
            _shared[(path, offset, count)] = bytes;
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{where}: its data in '{location}' cannot be read; copy that file beside the model", e);
        }
    }

    private static long Number(StringStringEntryProto entry, string where) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ModelFormatException($"{where}: {entry.Key} '{entry.Value}' of its external data is not a whole number; export the model again");

    // A relative path that stays below the model's folder, with no symbolic link on the way.
    private string Resolve(string? location, string where)
    {
        if (string.IsNullOrEmpty(location) || Path.IsPathRooted(location) || location.Contains('\0', StringComparison.Ordinal))
        {
            throw Refused(location, where);
        }
        string path = folder;
        string[] parts = location.Split('/', '\\');
        for (int index = 0; index < parts.Length; index++)
        {
            string part = parts[index];
            // Some exporters begin with "./".
            if (part == "." && index == 0 && parts.Length > 1)
            {
                continue;
            }
            if (part is "" or ".." or ".")
            {
                throw Refused(location, where);
            }
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw Refused(location, where);
            }
        }
        return path;
    }

    private static ModelFormatException Refused(string? location, string where) =>
        new($"{where}: external data '{location}' must be a plain file below the model's folder; put it there and export the model again");
}
