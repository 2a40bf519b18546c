namespace Edge.Hardware.I2c;

/// <summary>An I²C bus. One thread at a time.</summary>
public interface II2cBus : IDisposable
{
    /// <summary>The bus in messages, as <c>i2c-1</c>.</summary>
    string Name { get; }

    /// <summary>Writes bytes, reads bytes, or writes and then reads without releasing the bus in between.</summary>
    /// <param name="address">The chip's address, 7 bits.</param>
    /// <param name="write">What is written; may be empty.</param>
    /// <param name="read">What is to be read; may be empty. With both empty the chip is only addressed.</param>
    I2cStatus Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read);

    /// <summary>Waits while a chip works. A bus of a test lets its own clock pass instead.</summary>
    /// <param name="time">How long.</param>
    void Wait(TimeSpan time);
}
