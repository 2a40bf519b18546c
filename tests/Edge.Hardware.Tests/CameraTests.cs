using System.Diagnostics;
using Edge.Hardware.Cameras;
using Edge.Hardware.Linux;
using Edge.Hardware.Linux.V4L2;
using Edge.Testing;

namespace Edge.Hardware.Tests;

public sealed class CameraTests
{
    [Theory]
    // The nearest size first, then the rate, then what needs no decoding.
    [InlineData(null, null, null, "YUYV", 640, 480)]
    [InlineData(1280, 720, null, "MJPG", 1280, 720)]
    [InlineData(1280, 720, 5.0, "YUYV", 1280, 720)]
    [InlineData(1300, 700, 5.0, "YUYV", 1280, 720)]
    [InlineData(320, 240, 60.0, "GREY", 320, 240)]
    public void Choose_Wish_TakesTheNearestOffer(int? width, int? height, double? rate, string format, int givenWidth, int givenHeight)
    {
        CameraSize[] offers =
        [
            Offer(FourCC.Grey, 320, 240, 60), Offer(FourCC.Mjpeg, 640, 480, 30), Offer(FourCC.Mjpeg, 1280, 720, 30),
            Offer(FourCC.Yuyv, 320, 240, 30), Offer(FourCC.Yuyv, 640, 480, 30), Offer(FourCC.Yuyv, 1280, 720, 10),
        ];
        var options = new CameraOptions { Width = width, Height = height, FramesPerSecond = rate };
        (CameraSize offer, int w, int h) = CameraNegotiation.Choose(offers, options)!.Value;
        Assert.Equal((format, givenWidth, givenHeight), (offer.Format.ToString(), w, h));
    }

    [Fact]
    public void Nearest_RangeWithSteps_StaysOnThem()
    {
        var range = new CameraSize(FourCC.Yuyv, 32, 1920, 16, 32, 1080, 8, 30);
        Assert.Equal((640, 480), range.Nearest(650, 485));
        Assert.Equal((32, 32), range.Nearest(1, 1));
        Assert.Equal((1920, 1080), range.Nearest(9999, 9999));
    }

    [Fact]
    public void Take_Frames_AreLentAndGivenBack()
    {
        var device = new FakeVideoDevice();
        Camera camera = Open(device);
        Assert.Equal("YUYV 640x480 at 30 frames/s", camera.Mode.ToString());
        Assert.Equal((4, 4, true), (camera.QueuedBuffers, device.QueuedCount, device.IsStreaming));
        CameraBuffer first = camera.Take(0)!;
        CameraBuffer second = camera.Take(0)!;
        Assert.Equal((640 * 480 * 2, 0u, 1u), (first.Length, first.Sequence, second.Sequence));
        Assert.InRange(Stopwatch.GetElapsedTime(first.Timestamp), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(2, camera.QueuedBuffers);
        first.Release();
        first.Release();
        Assert.Equal(3, camera.QueuedBuffers);
        camera.Dispose();
        // What is lent stays readable behind the camera's end.
        Assert.Equal((1, true, false), (device.MappedCount, device.IsDisposed, device.IsStreaming));
        Assert.Equal(640 * 480 * 2, second.Bytes.Length);
        second.Release();
        Assert.Equal(0, device.MappedCount);
    }

    [Fact]
    public void Take_MultiplanarDriver_FramesOfOneMemoryAreRead()
    {
        var device = new FakeVideoDevice { IsMultiplanar = true };
        using Camera camera = Open(device);
        Assert.Equal("YUYV 640x480 at 30 frames/s", camera.Mode.ToString());
        CameraBuffer frame = camera.Take(0)!;
        Assert.Equal((640 * 480 * 2, 3), (frame.Length, camera.QueuedBuffers));
        frame.Release();
        Assert.Equal(4, camera.QueuedBuffers);
        device.DataOffset = 16;
        Assert.Null(camera.Take(0));
        Assert.Equal(1, camera.Damaged);
    }

    [Fact]
    public void Open_PictureInTwoMemories_IsRefused()
    {
        HardwareException e = Assert.Throws<HardwareException>(() => Open(new FakeVideoDevice { IsMultiplanar = true, Memories = 2 }));
        Assert.Equal("/dev/fake: gives YUYV in 2 memories, which is not supported: choose another format", e.Message);
    }

    [Fact]
    public void Take_AfterWarmUp_AllocatesNothing()
    {
        using Camera camera = Open(new FakeVideoDevice());
        Action frame = () => camera.Take(0)!.Release();
        frame();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                frame();
            }
        }));
    }

    [Fact]
    public void Take_DamagedOrShortFrames_AreCountedAndQueuedAgain()
    {
        var device = new FakeVideoDevice { Flags = V4l2Buffer.FlagError };
        using Camera camera = Open(device);
        Assert.Null(camera.Take(0));
        (device.Flags, device.BytesUsed) = (0, 100);
        Assert.Null(camera.Take(0));
        device.BytesUsed = uint.MaxValue;
        Assert.Null(camera.Take(0));
        Assert.Equal((3L, 4), (camera.Damaged, camera.QueuedBuffers));
    }

    [Fact]
    public void Take_GapInTheNumbers_IsCounted()
    {
        var device = new FakeVideoDevice();
        using Camera camera = Open(device);
        camera.Take(0)!.Release();
        device.Sequence += 3;
        camera.Take(0)!.Release();
        Assert.Equal(3, camera.Missed);
        device.Sequence = 0;
        camera.Take(0)!.Release();
        Assert.Equal(3, camera.Missed);
    }

    [Theory]
    [InlineData(Errno.InputOutput, "streaming broke off (Input/output error)")]
    [InlineData(Errno.NoDevice, "it was unplugged")]
    [InlineData(Errno.TryAgain, "streaming broke off")]
    public void Take_DriverFails_SaysSo(int errno, string message)
    {
        var device = new FakeVideoDevice();
        using Camera camera = Open(device);
        device.DequeueError = errno;
        Assert.Contains(message, Assert.Throws<HardwareException>(() => camera.Take(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Release_DriverGone_IsToldByTheNextTake()
    {
        var device = new FakeVideoDevice();
        using Camera camera = Open(device);
        CameraBuffer buffer = camera.Take(0)!;
        device.QueueError = Errno.NoDevice;
        buffer.Release();
        Assert.Contains("unplugged", Assert.Throws<HardwareException>(() => camera.Take(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnotherFormatThanAsked_IsRefused()
    {
        var device = new FakeVideoDevice { Stubborn = FourCC.Mjpeg };
        HardwareException e = Assert.Throws<HardwareException>(() => Open(device));
        Assert.Equal("/dev/fake: was asked for YUYV and gives MJPG: choose another format", e.Message);
        Assert.True(device.IsDisposed);
    }

    [Fact]
    public void Open_FormatThatIsNotThere_SaysWhatIs()
    {
        HardwareException e = Assert.Throws<HardwareException>(() => Open(new FakeVideoDevice(), new CameraOptions { Format = FourCC.Nv12 }));
        Assert.Equal("/dev/fake: offers YUYV, but not NV12: choose another format or camera", e.Message);
    }

    [Fact]
    public void Open_Controls_AreSetByName()
    {
        var device = new FakeVideoDevice();
        using Camera camera = Open(device, new CameraOptions { Controls = new Dictionary<string, int> { ["white_balance_auto"] = 3 } });
        Assert.Equal(3, device.Controls[7]);
        Assert.Contains("takes 0 to 255", Assert.Throws<HardwareException>(() => camera.Set("white_balance_auto", 999)).Message, StringComparison.Ordinal);
        Assert.Contains("has no control gain: it has white_balance_auto", Assert.Throws<HardwareException>(() => camera.Set("gain", 1)).Message, StringComparison.Ordinal);
    }

    private static Camera Open(FakeVideoDevice device, CameraOptions? options = null) => Camera.Open(device, "/dev/fake", (options ?? new CameraOptions()) with { Buffers = 4 });

    private static CameraSize Offer(FourCC format, int width, int height, double rate) => new(format, width, width, 1, height, height, 1, rate);
}
