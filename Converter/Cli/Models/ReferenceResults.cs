using Edge.Cli.Terminal;
using Edge.Fleet.Protocol;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>
/// What a package's results look like on reference data, counted from the result messages that <c>edge-runtime</c> wrote
/// (a sink of the type file or stdout): so the reference comes from the very pipeline that drifts later.
/// </summary>
internal static class ReferenceResults
{
    private const int MaximumLineBytes = 1 << 20;

    /// <summary>Counts a file.</summary>
    /// <param name="path">One result a line.</param>
    /// <param name="classes">How many classes the model tells apart.</param>
    /// <exception cref="ToolException">The file cannot be read, or a line is no result of such a model.</exception>
    internal static ReferenceHistogram Count(string path, int classes)
    {
        var best = new List<int>();
        var scores = new List<float>();
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                number++;
                (int index, float score)? top = line.Length is > 0 and <= MaximumLineBytes ? Best(System.Text.Encoding.UTF8.GetBytes(line)) : null;
                if (top is { } result)
                {
                    best.Add(result.index < classes ? result.index : throw new ToolException($"{path}, line {number}: class {result.index} of a model with {classes} classes; give results of this model"));
                    scores.Add(result.score);
                }
            }
        }
        catch (ProtocolException e)
        {
            throw new ToolException($"{path}, line {number}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{path}: cannot be read: check the path and its permissions");
        }
        return best.Count > 0
            ? ReferenceHistogram.Count([.. best], [.. scores], classes)
            : throw new ToolException($"{path}: holds no result that names a class; run edge-runtime over reference data with a sink of the type file");
    }

    /// <returns>The best class and its score; null where the result names nothing, or the line is an event.</returns>
    private static (int Index, float Score)? Best(byte[] json)
    {
        if (json.AsSpan().IndexOf("\"event\":"u8) >= 0)
        {
            return null;
        }
        if (json.AsSpan().IndexOf("\"detections\":"u8) >= 0)
        {
            IReadOnlyList<DetectedObject> found = DetectionResult.Parse(json).Detections;
            return found.Count > 0 ? (found[0].Index, found[0].Score) : null;
        }
        IReadOnlyList<ClassScore> named = ClassificationResult.Parse(json).Classes;
        return named.Count > 0 ? (named[0].Index, named[0].Score) : null;
    }
}
