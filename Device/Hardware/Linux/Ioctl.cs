namespace Edge.Hardware.Linux;

/// <summary>Request codes of ioctl (asm-generic/ioctl.h): direction, size of the argument, type, number.</summary>
internal static class Ioctl
{
    private const uint DirectionWrite = 1;
    private const uint DirectionRead = 2;

    internal static unsafe uint Read<T>(char type, int number)
        where T : unmanaged => Code(DirectionRead, type, number, sizeof(T));

    internal static unsafe uint Write<T>(char type, int number)
        where T : unmanaged => Code(DirectionWrite, type, number, sizeof(T));

    internal static unsafe uint Both<T>(char type, int number)
        where T : unmanaged => Code(DirectionRead | DirectionWrite, type, number, sizeof(T));

    internal static uint Code(uint direction, char type, int number, int size) =>
        (direction << 30) | ((uint)size << 16) | ((uint)type << 8) | (uint)number;
}
