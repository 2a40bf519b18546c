using Edge.Foundation;
using Edge.Imaging;
using Edge.Inference;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Verbs;

/// <summary>Writes pictures with results drawn on them: to one file, or, for several pictures, into a folder under their own names.</summary>
internal sealed class DrawnPictures : IDisposable
{
    private readonly string _target;
    private readonly bool _isFolder;
    private readonly ImageDecoder _decoder = new();
    private readonly ImageEncoder _encoder = new();
    private readonly PixelBuffer _pixels = new();

    /// <summary>Checks where they go.</summary>
    /// <param name="target">A file for one picture; a folder for several, made where it is missing.</param>
    /// <param name="pictures">The pictures' files.</param>
    /// <exception cref="ConfigException">Several pictures would go to one file, or over themselves.</exception>
    internal DrawnPictures(string target, IReadOnlyList<string> pictures)
    {
        _target = target;
        bool isNamedAsPicture = IsPng(target) || target.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase) || target.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase);
        _isFolder = !isNamedAsPicture;
        if (isNamedAsPicture && pictures.Count > 1)
        {
            throw new ConfigException($"{target}: is one file for {pictures.Count} pictures; name a folder");
        }
        foreach (string picture in pictures)
        {
            if (Path.GetFullPath(PathOf(picture)) == Path.GetFullPath(picture))
            {
                throw new ConfigException($"{target}: would write over {picture}; name another file or folder");
            }
        }
        if (_isFolder)
        {
            Directory.CreateDirectory(target);
        }
    }

    /// <summary>Draws and writes one picture.</summary>
    /// <param name="picture">Its file's name.</param>
    /// <param name="file">Its bytes.</param>
    /// <param name="result">What the model saw in it.</param>
    /// <param name="labels">One name a class.</param>
    internal void Write(string picture, ReadOnlySpan<byte> file, VisionResult result, IReadOnlyList<string> labels)
    {
        string path = PathOf(picture);
        _decoder.Decode(file, _pixels, new DecodeOptions(PixelFormat.Rgb24), picture);
        ResultDrawing.Draw(result, labels, _pixels);
        ReadOnlySpan<byte> encoded = IsPng(path) ? _encoder.EncodePng(_pixels) : _encoder.EncodeJpeg(_pixels, quality: 90);
        AtomicFile.WriteAllBytes(path, encoded.ToArray());
    }

    /// <summary>Gives native memory back.</summary>
    public void Dispose()
    {
        _decoder.Dispose();
        _encoder.Dispose();
        _pixels.Dispose();
    }

    private string PathOf(string picture) => _isFolder ? Path.Combine(_target, Path.GetFileName(picture)) : _target;

    private static bool IsPng(string path) => path.EndsWith(".png", StringComparison.OrdinalIgnoreCase);
}
