using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>The TurboJPEG 2.x API (turbojpeg.h) as far as it is used. <c>unsigned long</c> is <c>nuint</c> on Linux.</summary>
internal static unsafe partial class TurboJpeg
{
    internal const string Library = "libturbojpeg.so.0";

    internal const int FormatRgb = 0;
    internal const int FormatBgr = 1;
    internal const int FormatGrey = 6;
    internal const int FormatCmyk = 11;

    internal const int ColorSpaceCmyk = 3;
    internal const int ColorSpaceYcck = 4;

    internal const int Sampling444 = 0;
    internal const int Sampling420 = 2;
    internal const int SamplingGrey = 3;

    internal const int FlagNoRealloc = 1024;
    internal const int FlagStopOnWarning = 8192;
    internal const int FlagLimitScans = 32768;

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    internal static partial TurboHandle InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    internal static partial TurboHandle InitCompress();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    internal static partial int Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    internal static partial byte* GetErrorText(TurboHandle handle);

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    internal static partial int DecompressHeader(TurboHandle handle, byte* jpeg, nuint size, out int width, out int height, out int sampling, out int colorSpace);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    internal static partial int Decompress(TurboHandle handle, byte* jpeg, nuint size, byte* target, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library, EntryPoint = "tjBufSize")]
    internal static partial nuint BufferSize(int width, int height, int sampling);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    internal static partial int Compress(TurboHandle handle, byte* source, int width, int pitch, int height, int format, byte** jpeg, nuint* size, int sampling, int quality, int flags);
}
