using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>The simplified API of libpng 1.6 (png.h, "Simplified API") as far as it is used.</summary>
internal static unsafe partial class LibPng
{
    internal const string Library = "libpng16.so.16";

    internal const uint ImageVersion = 1;
    internal const uint FormatGrey = 0;
    internal const uint FormatFlagAlpha = 0x01;
    internal const uint FormatFlagColor = 0x02;
    internal const uint FormatRgb = FormatFlagColor;
    internal const uint FormatRgba = FormatFlagColor | FormatFlagAlpha;
    internal const uint FormatLinearRgba = FormatRgba | 0x04;
    internal const uint FormatBgr = FormatFlagColor | 0x10;

    /// <summary>16-bit files that do not say otherwise are sRGB, as 8-bit ones are.</summary>
    internal const uint Flag16BitSrgb = 0x04;

    [LibraryImport(Library, EntryPoint = "png_image_begin_read_from_memory")]
    internal static partial int BeginReadFromMemory(Image* image, byte* memory, nuint size);

    [LibraryImport(Library, EntryPoint = "png_image_finish_read")]
    internal static partial int FinishRead(Image* image, void* background, byte* buffer, int rowStride, void* colorMap);

    [LibraryImport(Library, EntryPoint = "png_image_write_to_memory")]
    internal static partial int WriteToMemory(Image* image, byte* memory, nuint* size, int convertTo8Bit, byte* buffer, int rowStride, void* colorMap);

    [LibraryImport(Library, EntryPoint = "png_image_free")]
    internal static partial void Free(Image* image);

    /// <summary>png_image.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Image
    {
        internal nint Opaque;
        internal uint Version;
        internal uint Width;
        internal uint Height;
        internal uint Format;
        internal uint Flags;
        internal uint ColorMapEntries;
        internal uint WarningOrError;
        internal fixed byte Message[64];
    }
}
