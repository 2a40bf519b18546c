namespace Edge.Imaging;

/// <summary>Tells encodings apart by the bytes they begin with and by the names files have.</summary>
public static class ImageFormats
{
    private static ReadOnlySpan<byte> PngMagic => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private static ReadOnlySpan<byte> JpegMagic => [0xff, 0xd8, 0xff];

    /// <summary>What the bytes are, by how they begin.</summary>
    /// <param name="bytes">An image file.</param>
    /// <returns>The encoding; null if it is neither JPEG nor PNG.</returns>
    public static ImageCodec? Sniff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(JpegMagic) ? ImageCodec.Jpeg
        : bytes.StartsWith(PngMagic) ? ImageCodec.Png
        : null;

    /// <summary>What a file should hold, by the end of its name: .jpg, .jpeg, .jpe, .jfif or .png, in any case.</summary>
    /// <param name="path">The file's name.</param>
    /// <returns>The encoding; null for any other name.</returns>
    public static ImageCodec? OfName(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> extension = Path.GetExtension(path);
        return extension.Equals(".png", StringComparison.OrdinalIgnoreCase) ? ImageCodec.Png
            : extension.Equals(".jpg", StringComparison.OrdinalIgnoreCase)
                || extension.Equals(".jpeg", StringComparison.OrdinalIgnoreCase)
                || extension.Equals(".jpe", StringComparison.OrdinalIgnoreCase)
                || extension.Equals(".jfif", StringComparison.OrdinalIgnoreCase) ? ImageCodec.Jpeg
            : null;
    }

    /// <summary>Refuses a content that is no image or contradicts its file's name.</summary>
    /// <param name="path">The file's name; a name without a known extension may hold either encoding.</param>
    /// <param name="bytes">The file's content.</param>
    /// <returns>The encoding.</returns>
    /// <exception cref="ImageException">The content is neither JPEG nor PNG, or not what the name says.</exception>
    public static ImageCodec CheckName(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(path);
        ImageCodec found = Sniff(bytes) ?? throw NotAnImage(path, bytes);
        return OfName(path) is { } expected && expected != found
            ? throw new ImageException(found == ImageCodec.Png
                ? $"{path}: holds a PNG image; rename it to .png"
                : $"{path}: holds a JPEG image; rename it to .jpg")
            : found;
    }

    internal static ImageException NotAnImage(string source, ReadOnlySpan<byte> bytes) => new(
        bytes.IsEmpty ? $"{source}: is empty; give a JPEG or PNG image" : $"{source}: neither a JPEG nor a PNG image; convert it to one of them");
}
