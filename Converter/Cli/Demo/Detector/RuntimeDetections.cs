using Edge.Cli.Evaluation.Detection;
using Edge.Cli.Terminal;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using RuntimeResult = Edge.Fleet.Protocol.DetectionResult;

namespace Edge.Cli.Demo.Detector;

/// <summary>What the native edge-runtime finds in pictures.</summary>
/// <param name="Objects">How many objects in all.</param>
/// <param name="Agreements">In how many pictures exactly what was found here.</param>
internal sealed record RuntimeDetections(int Objects, int Agreements)
{
    private const double MostDistance = 1;
    private const double MostScoreDistance = 0.01;

    /// <summary>Runs <c>edge-runtime infer</c>.</summary>
    /// <param name="runtime">The program.</param>
    /// <param name="package">The package.</param>
    /// <param name="key">The public key that it must be signed with.</param>
    /// <param name="expected">What the same package found here, with the pictures.</param>
    /// <param name="drawn">The folder for pictures with boxes.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<RuntimeDetections> RunAsync(string runtime, string package, string key, IReadOnlyList<JudgedPicture> expected, string drawn, CancellationToken cancellation)
    {
        using Tool tool = Tool.Start(runtime, "", ["infer", package, .. expected.Select(picture => picture.Path), "--trust", key, "--json", "--draw", drawn]);
        var byName = expected.ToDictionary(picture => picture.Path, StringComparer.Ordinal);
        (int objects, int agreements, int pictures) = (0, 0, 0);
        while (await tool.Output.ReadLineAsync(cancellation) is { } line)
        {
            var result = RuntimeResult.Parse(System.Text.Encoding.UTF8.GetBytes(line));
            pictures++;
            objects += result.Detections.Count;
            agreements += byName.TryGetValue(result.Source, out JudgedPicture? picture) && AreSame(result.Detections, picture) ? 1 : 0;
        }
        (int code, string error) = await tool.WaitAsync(cancellation);
        if (code != ExitCode.Success || pictures != expected.Count)
        {
            throw new ToolException($"edge-runtime looked at {pictures} of {expected.Count} pictures and ended with code {code}: {error}");
        }
        return new RuntimeDetections(objects, agreements);
    }

    // The engine's threads may add up in another order: a pixel and a hundredth of the score are nothing.
    private static bool AreSame(IReadOnlyList<DetectedObject> objects, JudgedPicture picture) =>
        objects.Count == picture.Found.Count && objects.All(found => picture.Found.Any(box =>
            box.Class == found.Index && Math.Abs(box.Score - found.Score) <= MostScoreDistance
            && Math.Abs(box.Box.X - found.Box.Left) <= MostDistance && Math.Abs(box.Box.Y - found.Box.Top) <= MostDistance
            && Math.Abs(box.Box.X + box.Box.Width - found.Box.Right) <= MostDistance && Math.Abs(box.Box.Y + box.Box.Height - found.Box.Bottom) <= MostDistance));
}
