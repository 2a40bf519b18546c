using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>A compressor or decompressor of libjpeg-turbo.</summary>
internal sealed class TurboHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => TurboJpeg.Destroy(handle) == 0;
}
