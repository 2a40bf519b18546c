using System.Diagnostics;
using Edge.Testing;

namespace Edge.Imaging.Tests;

/// <summary>Resampling beside OpenCV's, where its Python package is installed.</summary>
public sealed class OpenCvTests
{
    // Debian's own Python is the one that has Debian's packages.
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import sys, numpy, cv2
        source, target, width, height, channels, w, h, area = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
        pixels = numpy.fromfile(source, numpy.uint8).reshape(height, width, channels)
        cv2.resize(pixels, (w, h), interpolation=cv2.INTER_AREA if area else cv2.INTER_LINEAR).tofile(target)
        """;

    [Theory]
    [InlineData(640, 427, 416, 278, Resampling.Bilinear)]
    [InlineData(1920, 1080, 640, 360, Resampling.Bilinear)]
    [InlineData(123, 77, 416, 416, Resampling.Bilinear)]
    [InlineData(640, 480, 320, 240, Resampling.Bilinear)]
    [InlineData(1920, 1080, 640, 360, Resampling.Area)]
    [InlineData(640, 427, 416, 278, Resampling.Area)]
    public void Write_Noise_IsWithinALevelOfOpenCv(int width, int height, int targetWidth, int targetHeight, Resampling resampling)
    {
        using var folder = new TemporaryFolder();
        foreach (PixelFormat format in (PixelFormat[])[PixelFormat.Rgb24, PixelFormat.Grey8])
        {
            using PixelBuffer image = Pictures.Noise(width, height, format, seed: width);
            var writer = new TensorWriter(targetWidth, targetHeight, planar: false, format, resampling);
            byte[] actual = new byte[writer.Length];
            writer.Write(image.View, Placement.Stretch(width, height, targetWidth, targetHeight), 0, actual);
            string source = Path.Combine(folder.Path, "source"), target = Path.Combine(folder.Path, "target");
            File.WriteAllBytes(source, image.Pixels.ToArray());
            Run(source, target, $"{width}", $"{height}", $"{image.Channels}", $"{targetWidth}", $"{targetHeight}", resampling == Resampling.Area ? "1" : "0");
            Assert.InRange(DecoderTests.LargestDifference(File.ReadAllBytes(target), actual), 0, 1);
        }
    }

    private static void Run(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", Script, .. arguments]) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.SkipWhen(errors.Contains("ModuleNotFoundError", StringComparison.Ordinal), "skipped: python3-opencv is not installed");
            Assert.True(process.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("skipped: python3 is not installed");
        }
    }
}
