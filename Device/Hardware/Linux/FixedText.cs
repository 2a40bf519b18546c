using System.Text;

namespace Edge.Hardware.Linux;

/// <summary>Text in the fixed fields of kernel structures: UTF-8, zero-terminated unless it fills the field.</summary>
internal static unsafe class FixedText
{
    /// <summary>Reads a field; characters that would break a line or a terminal are replaced.</summary>
    internal static string Read(byte* field, int length)
    {
        var bytes = new ReadOnlySpan<byte>(field, length);
        int end = bytes.IndexOf((byte)0);
        char[] text = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? '?' : text[i];
        }
        return new string(text).Trim();
    }

    /// <summary>Fills a field; what does not fit is left out, and a zero always stands at the end.</summary>
    internal static void Write(string text, byte* field, int length)
    {
        var target = new Span<byte>(field, length);
        target.Clear();
        Encoding.UTF8.GetEncoder().Convert(text, target[..^1], flush: true, out _, out _, out _);
    }
}
