using System.Diagnostics;
using System.Globalization;
using System.Text;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Verbs;

/// <summary>The work of <c>infer</c>: every image that can be read is looked at; one that cannot makes the exit code 2.</summary>
internal static class InferWork
{
    internal static int Run(InferRequest request)
    {
        if (request.Top is < 1 or > ConfigCheck.MaximumTopK)
        {
            throw new ConfigException($"--top {request.Top}: give 1 to {ConfigCheck.MaximumTopK}");
        }
        var config = new PipelineConfig { Name = "infer", Package = request.Package, Source = new SourceConfig { Type = SourceConfig.Images }, TopK = request.Top };
        using var engine = new EngineStart();
        using ModelShare share = new ModelStore().Open(request.Package, request.Trust, request.Settings);
        using var model = new PipelineModel(config, share, workers: 1, warm: false);
        using var reader = new FileReader();
        using Stream output = Console.OpenStandardOutput();
        VisionRunner runner = model.Runner(0);
        using DrawnPictures? drawn = request.Draw is { } target ? new DrawnPictures(target, request.Images) : null;
        var result = new FrameResult();
        int exitCode = ExitCode.Success;
        for (int i = 0; i < request.Images.Count; i++)
        {
            string image = request.Images[i];
            try
            {
                ReadOnlySpan<byte> file = reader.Read(image);
                long begun = Stopwatch.GetTimestamp();
                ImageFormats.CheckName(image, file);
                VisionResult seen = runner.Run(file, image);
                result.Set(seen, begun);
                drawn?.Write(image, file, seen, share.Model.Labels);
                if (request.Json)
                {
                    output.Write(model.Write(i + 1, TimeProvider.System.GetUtcNow().UtcDateTime, ClassificationResultWriter.EncodeText(image), result));
                    output.WriteByte((byte)'\n');
                }
                else
                {
                    output.Write(Encoding.UTF8.GetBytes(Line(image, (VisionModel)share.Model, result)));
                }
            }
            catch (ImageException e)
            {
                exitCode = Failure.Report(e);
            }
        }
        return exitCode;
    }

    // cat.jpg: tabby 0.871, tiger cat 0.092 (9.31 ms)
    // street.jpg: person 0.912 at 10 20 80 200, car 0.540 at 300 40 460 130 (12.05 ms)
    private static string Line(string image, VisionModel model, FrameResult result)
    {
        var line = new StringBuilder();
        line.Append(Log.OneLine(image)).Append(':');
        string separator = " ";
        for (int i = 0; i < result.Classes.Length; i++)
        {
            Append(line, separator, model, result.Classes[i], result.Scores[i]);
            separator = ", ";
        }
        foreach (ref readonly DetectedBox box in result.Boxes)
        {
            Append(line, separator, model, box.Index, box.Score);
            line.Append(CultureInfo.InvariantCulture, $" at {box.Left:0} {box.Top:0} {box.Right:0} {box.Bottom:0}");
            separator = ", ";
        }
        if (model.Task == ModelTask.Detect && result.Boxes.IsEmpty)
        {
            line.Append(" nothing");
        }
        return line.Append(CultureInfo.InvariantCulture, $" ({result.Times.Total.TotalMilliseconds:0.00} ms)\n").ToString();
    }

    private static void Append(StringBuilder line, string separator, VisionModel model, int index, float score)
    {
        string label = model.Package.Labels.Count > 0 ? Log.OneLine(model.Labels[index]) : $"class {index}";
        line.Append(separator).Append(label).Append(' ').Append(score.ToString("0.000", CultureInfo.InvariantCulture));
    }
}
