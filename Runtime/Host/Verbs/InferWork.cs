using System.Globalization;
using System.Text;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Verbs;

/// <summary>The work of <c>infer</c>: every image that can be read is classified; one that cannot makes the exit code 2.</summary>
internal static class InferWork
{
    internal static int Run(InferRequest request)
    {
        if (request.Top is < 1 or > ConfigCheck.MaximumTopK)
        {
            throw new ConfigException($"--top {request.Top}: give 1 to {ConfigCheck.MaximumTopK}");
        }
        Package package = Package.Open(request.Package, request.Trust);
        using var classifier = new FrameClassifier(package, request.Settings, request.Top);
        using var reader = new FileReader();
        using var writer = new ClassificationResultWriter("infer", classifier.Model, classifier.Labels);
        using Stream output = Console.OpenStandardOutput();
        int exitCode = ExitCode.Success;
        for (int i = 0; i < request.Images.Count; i++)
        {
            string image = request.Images[i];
            try
            {
                classifier.Classify(reader.Read(image), image, out StageTimes times);
                if (request.Json)
                {
                    output.Write(writer.Write(
                        i + 1, TimeProvider.System.GetUtcNow().UtcDateTime, ClassificationResultWriter.EncodeText(image), classifier.Classes, classifier.Scores, times));
                    output.WriteByte((byte)'\n');
                }
                else
                {
                    output.Write(Encoding.UTF8.GetBytes(Line(image, classifier, times)));
                }
            }
            catch (ImageException e)
            {
                exitCode = Failure.Report(e);
            }
        }
        return exitCode;
    }

    private static string Line(string image, FrameClassifier classifier, in StageTimes times)
    {
        var line = new StringBuilder();
        line.Append(Log.OneLine(image)).Append(": ");
        for (int i = 0; i < classifier.Classes.Length; i++)
        {
            int index = classifier.Classes[i];
            string label = index < classifier.Labels.Count ? Log.OneLine(classifier.Labels[index]) : $"class {index}";
            line.Append(i == 0 ? "" : ", ").Append(label).Append(' ').Append(classifier.Scores[i].ToString("0.000", CultureInfo.InvariantCulture));
        }
        return line.Append(CultureInfo.InvariantCulture, $" ({times.Total.TotalMilliseconds:0.00} ms)\n").ToString();
    }
}
