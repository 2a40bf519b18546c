using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>A codec library of the system that images are decoded with.</summary>
public sealed class ImageLibrary
{
    private ImageLibrary(string fileName, string package, ImageCodec codec)
    {
        FileName = fileName;
        Package = package;
        Codec = codec;
    }

    /// <summary>libjpeg-turbo.</summary>
    public static ImageLibrary TurboJpeg { get; } = new(Imaging.TurboJpeg.Library, "libturbojpeg0", ImageCodec.Jpeg);

    /// <summary>libpng.</summary>
    public static ImageLibrary Png { get; } = new(LibPng.Library, "libpng16-16", ImageCodec.Png);

    /// <summary>The file that the loader looks for.</summary>
    public string FileName { get; }

    /// <summary>The Debian package that brings it.</summary>
    public string Package { get; }

    /// <summary>What it decodes.</summary>
    public ImageCodec Codec { get; }

    /// <summary>True if the library loads; for diagnosis, decoding needs no such call.</summary>
    public bool IsPresent()
    {
        if (!NativeLibrary.TryLoad(FileName, typeof(ImageLibrary).Assembly, searchPath: null, out nint handle))
        {
            return false;
        }
        NativeLibrary.Free(handle);
        return true;
    }

    internal ImageException Missing(Exception cause) =>
        new($"{FileName} is missing or too old; install it: apt-get install {Package}", cause);
}
