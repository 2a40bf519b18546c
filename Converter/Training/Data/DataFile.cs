using System.Text;

namespace Edge.Training.Data;

/// <summary>Reads whole files of a data set, up to a limit, with failures in one line.</summary>
internal static class DataFile
{
    /// <summary>The most bytes of a text file that is read whole.</summary>
    public const int MaximumTextBytes = 512 << 20;

    /// <summary>The content of a file.</summary>
    public static byte[] ReadBytes(string path, int maximumBytes)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > maximumBytes)
            {
                throw new DataException($"{path}: has more than {maximumBytes >> 20} MiB; split it");
            }
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{path}: no such file; check the path of the data set", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>The content of a UTF-8 file, without a byte order mark; what is no UTF-8 becomes �.</summary>
    public static string ReadText(string path, int maximumBytes = MaximumTextBytes)
    {
        byte[] bytes = ReadBytes(path, maximumBytes);
        ReadOnlySpan<byte> text = bytes;
        return Encoding.UTF8.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[3..] : text);
    }
}
