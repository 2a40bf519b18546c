using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Edge.Hardware.Linux.Gpio;
using Edge.Hardware.Linux.I2c;
using Edge.Hardware.Linux.V4L2;
using Edge.Testing;

namespace Edge.Hardware.Tests;

/// <summary>The kernel's structures, as this machine's own C compiler and kernel headers have them, beside ours.</summary>
public sealed class LayoutTests
{
    private static readonly (string C, Type Ours, (string C, string Ours)[] Fields)[] Structures =
    [
        ("struct v4l2_capability", typeof(V4l2Capability), [("driver", "Driver"), ("card", "Card"), ("bus_info", "BusInfo"), ("version", "Version"), ("capabilities", "Capabilities"), ("device_caps", "DeviceCaps")]),
        ("struct v4l2_fmtdesc", typeof(V4l2FormatDescription), [("index", "Index"), ("type", "Type"), ("flags", "Flags"), ("description", "Description"), ("pixelformat", "PixelFormat")]),
        ("struct v4l2_frmsizeenum", typeof(V4l2FrameSizes), [("pixel_format", "PixelFormat"), ("type", "Type"), ("discrete.width", "MinimumWidth"), ("discrete.height", "MaximumWidth"), ("stepwise.min_width", "MinimumWidth"), ("stepwise.max_width", "MaximumWidth"), ("stepwise.step_width", "StepWidth"), ("stepwise.min_height", "MinimumHeight"), ("stepwise.max_height", "MaximumHeight"), ("stepwise.step_height", "StepHeight")]),
        ("struct v4l2_frmivalenum", typeof(V4l2FrameIntervals), [("pixel_format", "PixelFormat"), ("width", "Width"), ("height", "Height"), ("type", "Type"), ("discrete", "Minimum"), ("stepwise.min", "Minimum"), ("stepwise.max", "Maximum"), ("stepwise.step", "Step")]),
        ("struct v4l2_fract", typeof(V4l2Fraction), [("numerator", "Numerator"), ("denominator", "Denominator")]),
        ("struct v4l2_format", typeof(V4l2Format), [("type", "Type"), ("fmt.pix.width", "Width"), ("fmt.pix.height", "Height"), ("fmt.pix.pixelformat", "PixelFormat"), ("fmt.pix.field", "Field"), ("fmt.pix.bytesperline", "BytesPerLine"), ("fmt.pix.sizeimage", "SizeImage"), ("fmt.pix.colorspace", "ColorSpace"), ("fmt.pix.priv", "Private"), ("fmt.pix.flags", "Flags"), ("fmt.pix.ycbcr_enc", "YcbcrEncoding"), ("fmt.pix.quantization", "Quantization"), ("fmt.pix.xfer_func", "TransferFunction")]),
        ("struct v4l2_format", typeof(V4l2FormatMultiplanar), [("type", "Type"), ("fmt.pix_mp.width", "Width"), ("fmt.pix_mp.height", "Height"), ("fmt.pix_mp.pixelformat", "PixelFormat"), ("fmt.pix_mp.field", "Field"), ("fmt.pix_mp.colorspace", "ColorSpace"), ("fmt.pix_mp.plane_fmt[0].sizeimage", "SizeImage"), ("fmt.pix_mp.plane_fmt[0].bytesperline", "BytesPerLine"), ("fmt.pix_mp.num_planes", "Planes"), ("fmt.pix_mp.quantization", "Quantization")]),
        ("struct v4l2_plane", typeof(V4l2Plane), [("bytesused", "BytesUsed"), ("length", "Length"), ("m.mem_offset", "Offset"), ("data_offset", "DataOffset")]),
        ("struct v4l2_requestbuffers", typeof(V4l2RequestBuffers), [("count", "Count"), ("type", "Type"), ("memory", "Memory"), ("capabilities", "Capabilities")]),
        ("struct v4l2_buffer", typeof(V4l2Buffer), [("index", "Index"), ("type", "Type"), ("bytesused", "BytesUsed"), ("flags", "Flags"), ("field", "Field"), ("timestamp.tv_sec", "Seconds"), ("timestamp.tv_usec", "Microseconds"), ("sequence", "Sequence"), ("memory", "Memory"), ("m.offset", "Offset"), ("m.planes", "Planes"), ("length", "Length")]),
        ("struct v4l2_streamparm", typeof(V4l2StreamParameters), [("type", "Type"), ("parm.capture.capability", "Capability"), ("parm.capture.capturemode", "CaptureMode"), ("parm.capture.timeperframe", "Interval")]),
        ("struct v4l2_queryctrl", typeof(V4l2QueryControl), [("id", "Id"), ("type", "Type"), ("name", "Name"), ("minimum", "Minimum"), ("maximum", "Maximum"), ("step", "Step"), ("default_value", "Default"), ("flags", "Flags")]),
        ("struct v4l2_control", typeof(V4l2Control), [("id", "Id"), ("value", "Value")]),
        ("struct i2c_msg", typeof(I2cMessage), [("addr", "Address"), ("flags", "Flags"), ("len", "Length"), ("buf", "Buffer")]),
        ("struct i2c_rdwr_ioctl_data", typeof(I2cTransaction), [("msgs", "Messages"), ("nmsgs", "Count")]),
        ("struct i2c_smbus_ioctl_data", typeof(SmbusTransaction), [("read_write", "Direction"), ("command", "Command"), ("size", "Size"), ("data", "Data")]),
        ("union i2c_smbus_data", typeof(SmbusData), [("block", "Block")]),
        ("struct gpiochip_info", typeof(Linux.Gpio.GpioChipInfo), [("name", "Name"), ("label", "Label"), ("lines", "Lines")]),
        ("struct gpio_v2_line_attribute", typeof(GpioLineAttribute), [("id", "Id"), ("values", "Values"), ("debounce_period_us", "DebounceMicroseconds")]),
        ("struct gpio_v2_line_config_attribute", typeof(GpioLineConfigAttribute), [("attr", "Attribute"), ("mask", "Mask")]),
        ("struct gpio_v2_line_config", typeof(GpioLineConfig), [("flags", "Flags"), ("num_attrs", "AttributeCount"), ("attrs", "Attribute")]),
        ("struct gpio_v2_line_request", typeof(GpioLineRequest), [("offsets", "Offsets"), ("consumer", "Consumer"), ("config", "Config"), ("num_lines", "LineCount"), ("event_buffer_size", "EventBufferSize"), ("fd", "Descriptor")]),
        ("struct gpio_v2_line_info", typeof(GpioLineInfo), [("name", "Name"), ("consumer", "Consumer"), ("offset", "Offset"), ("num_attrs", "AttributeCount"), ("flags", "Flags"), ("attrs", "Attribute")]),
        ("struct gpio_v2_line_values", typeof(GpioLineValues), [("bits", "Bits"), ("mask", "Mask")]),
        ("struct gpio_v2_line_event", typeof(GpioLineEvent), [("timestamp_ns", "Nanoseconds"), ("id", "Id"), ("offset", "Offset"), ("seqno", "Sequence"), ("line_seqno", "LineSequence")]),
    ];

    private static readonly (string C, ulong Ours)[] Constants =
    [
        ("VIDIOC_QUERYCAP", VideoIoctl.QueryCapability), ("VIDIOC_ENUM_FMT", VideoIoctl.EnumerateFormats), ("VIDIOC_G_FMT", VideoIoctl.GetFormat), ("VIDIOC_S_FMT", VideoIoctl.SetFormat),
        ("VIDIOC_REQBUFS", VideoIoctl.RequestBuffers), ("VIDIOC_QUERYBUF", VideoIoctl.QueryBuffer), ("VIDIOC_QBUF", VideoIoctl.QueueBuffer), ("VIDIOC_DQBUF", VideoIoctl.DequeueBuffer),
        ("VIDIOC_STREAMON", VideoIoctl.StreamOn), ("VIDIOC_STREAMOFF", VideoIoctl.StreamOff), ("VIDIOC_G_PARM", VideoIoctl.GetParameters), ("VIDIOC_S_PARM", VideoIoctl.SetParameters),
        ("VIDIOC_G_CTRL", VideoIoctl.GetControl), ("VIDIOC_S_CTRL", VideoIoctl.SetControl), ("VIDIOC_QUERYCTRL", VideoIoctl.QueryControl),
        ("VIDIOC_ENUM_FRAMESIZES", VideoIoctl.EnumerateFrameSizes), ("VIDIOC_ENUM_FRAMEINTERVALS", VideoIoctl.EnumerateFrameIntervals),
        ("V4L2_PIX_FMT_YUYV", Cameras.FourCC.Yuyv.Value), ("V4L2_PIX_FMT_NV12", Cameras.FourCC.Nv12.Value), ("V4L2_PIX_FMT_YUV420", Cameras.FourCC.I420.Value), ("V4L2_PIX_FMT_GREY", Cameras.FourCC.Grey.Value),
        ("V4L2_PIX_FMT_RGB24", Cameras.FourCC.Rgb.Value), ("V4L2_PIX_FMT_BGR24", Cameras.FourCC.Bgr.Value), ("V4L2_PIX_FMT_MJPEG", Cameras.FourCC.Mjpeg.Value), ("V4L2_PIX_FMT_JPEG", Cameras.FourCC.Jpeg.Value),
        ("V4L2_CAP_VIDEO_CAPTURE", V4l2Capability.VideoCapture), ("V4L2_CAP_STREAMING", V4l2Capability.Streaming), ("V4L2_CAP_DEVICE_CAPS", V4l2Capability.DeviceCapsValid),
        ("V4L2_BUF_FLAG_ERROR", V4l2Buffer.FlagError), ("V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC", V4l2Buffer.FlagTimestampMonotonic), ("V4L2_BUF_FLAG_TIMESTAMP_MASK", V4l2Buffer.FlagTimestampMask),
        ("V4L2_CAP_TIMEPERFRAME", V4l2StreamParameters.TimePerFrame), ("V4L2_CTRL_FLAG_NEXT_CTRL", V4l2QueryControl.NextControl), ("V4L2_CTRL_FLAG_READ_ONLY", V4l2QueryControl.FlagReadOnly), ("V4L2_CTRL_FLAG_DISABLED", V4l2QueryControl.FlagDisabled),
        ("I2C_SLAVE", I2cIoctl.Slave), ("I2C_FUNCS", I2cIoctl.Functions), ("I2C_RDWR", I2cIoctl.ReadWrite), ("I2C_SMBUS", I2cIoctl.Smbus), ("I2C_FUNC_I2C", I2cIoctl.FunctionI2c),
        ("I2C_M_RD", I2cMessage.FlagRead), ("I2C_SMBUS_QUICK", SmbusTransaction.Quick), ("I2C_SMBUS_BYTE", SmbusTransaction.Byte), ("I2C_SMBUS_BYTE_DATA", SmbusTransaction.ByteData), ("I2C_SMBUS_I2C_BLOCK_DATA", SmbusTransaction.I2cBlock),
        ("GPIO_GET_CHIPINFO_IOCTL", GpioIoctl.ChipInfo), ("GPIO_V2_GET_LINEINFO_IOCTL", GpioIoctl.LineInfo), ("GPIO_V2_GET_LINE_IOCTL", GpioIoctl.RequestLines),
        ("GPIO_V2_LINE_GET_VALUES_IOCTL", GpioIoctl.GetValues), ("GPIO_V2_LINE_SET_VALUES_IOCTL", GpioIoctl.SetValues),
        ("GPIO_V2_LINE_FLAG_ACTIVE_LOW", GpioLineConfig.FlagActiveLow), ("GPIO_V2_LINE_FLAG_INPUT", GpioLineConfig.FlagInput), ("GPIO_V2_LINE_FLAG_OUTPUT", GpioLineConfig.FlagOutput),
        ("GPIO_V2_LINE_FLAG_EDGE_RISING", GpioLineConfig.FlagRising), ("GPIO_V2_LINE_FLAG_EDGE_FALLING", GpioLineConfig.FlagFalling), ("GPIO_V2_LINE_FLAG_BIAS_PULL_UP", GpioLineConfig.FlagBiasPullUp),
        ("GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN", GpioLineConfig.FlagBiasPullDown), ("GPIO_V2_LINE_FLAG_BIAS_DISABLED", GpioLineConfig.FlagBiasDisabled),
        ("GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES", GpioLineAttribute.IdOutputValues), ("GPIO_V2_LINE_ATTR_ID_DEBOUNCE", GpioLineAttribute.IdDebounce),
        ("GPIO_V2_LINE_EVENT_RISING_EDGE", GpioLineEvent.RisingEdge), ("GPIO_V2_LINE_EVENT_FALLING_EDGE", GpioLineEvent.FallingEdge),
    ];

    [Theory]
    [InlineData("cc")]
    [InlineData("aarch64-linux-gnu-gcc")]
    public void Structures_KernelHeaders_AgreeInSizesOffsetsAndCodes(string compiler)
    {
        string? program = Find(compiler);
        if (program is null || !File.Exists("/usr/include/linux/gpio.h"))
        {
            Assert.Skip($"skipped: {compiler} with the kernel's headers not present");
        }
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["layout.c"], Source());
        Execute(program, "-c", "-o", folder["layout.o"], folder["layout.c"]);
    }

    // A wrong figure is an array of negative size: the compiler refuses it, so nothing need run, whatever machine it is for.
    private static string Source()
    {
        var text = new StringBuilder("#include <stddef.h>\n#include <linux/videodev2.h>\n#include <linux/i2c.h>\n#include <linux/i2c-dev.h>\n#include <linux/gpio.h>\n");
        foreach ((string c, Type ours, (string C, string Ours)[] fields) in Structures)
        {
            text.Append($"_Static_assert(sizeof({c}) == {Marshal.SizeOf(ours)}, \"size of {c}\");\n");
            foreach ((string field, string ourField) in fields)
            {
                text.Append($"_Static_assert(offsetof({c}, {field}) == {Marshal.OffsetOf(ours, ourField)}, \"{c}.{field}\");\n");
            }
        }
        foreach ((string c, ulong ours) in Constants)
        {
            text.Append($"_Static_assert((unsigned long long)(unsigned int)({c}) == {ours}ull, \"{c}\");\n");
        }
        return text.ToString();
    }

    private static void Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
