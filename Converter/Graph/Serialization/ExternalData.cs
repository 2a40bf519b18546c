using System.Globalization;
using Edge.Graph.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>Tensor data in files beside the model. A model names them, so the names are not to be trusted.</summary>
internal sealed class ExternalData(string folder)
{
    /// <summary>What all tensors of a model may take together.</summary>
    private const long MaximumTotalBytes = 16L << 30;

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
            using FileStream file = File.OpenRead(path);
            long count = length ?? Math.Max(0, file.Length - offset);
            if (offset > file.Length || count > file.Length - offset)
            {
                throw new ModelFormatException($"{where}: wants bytes {offset} to {offset + count} of '{location}', which has {file.Length}; copy that file whole");
            }
            _total += count;
            if (count > Array.MaxLength || _total > MaximumTotalBytes)
            {
                throw new ModelFormatException($"{where}: its data in '{location}' take {count} bytes; a tensor may take {Array.MaxLength}, all together {MaximumTotalBytes}");
            }
            byte[] bytes = new byte[count];
            file.Position = offset;
            file.ReadExactly(bytes);
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
        foreach (string part in location.Split('/', '\\'))
        {
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
