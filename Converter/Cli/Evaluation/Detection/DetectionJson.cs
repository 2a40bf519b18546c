namespace Edge.Cli.Evaluation.Detection;

/// <summary>What judging a detector came to, as <c>edge eval --json</c> prints it.</summary>
internal static class DetectionJson
{
    internal static object Of(DetectionResult result)
    {
        IReadOnlyList<int> occurring = result.Occurring;
        return new
        {
            model = result.Source,
            data = result.Data,
            pictures = result.Pictures.Count,
            result.Metrics.Ap,
            result.Metrics.Ap50,
            result.Metrics.Ap75,
            result.Metrics.ApSmall,
            result.Metrics.ApMedium,
            result.Metrics.ApLarge,
            result.Metrics.Ar1,
            result.Metrics.Ar10,
            result.Metrics.Ar100,
            result.Metrics.ArSmall,
            result.Metrics.ArMedium,
            result.Metrics.ArLarge,
            classes = result.Metrics.Classes.Select(row => new
            {
                name = result.Names[row.Class],
                boxes = row.Truths,
                row.Ap,
                row.Ap50,
                row.Ar,
                precisionOverRecall = row.Curve50.Precision,
            }),
            threshold = result.Threshold,
            result.Precision,
            result.Recall,
            confusion = new
            {
                classes = occurring.Select(result.Name),
                counts = occurring.Select(truth => occurring.Select(found => result.Confusion[truth, found])),
            },
            milliseconds = new { result.Milliseconds.Decode, result.Milliseconds.Preprocess, result.Milliseconds.Infer, result.Milliseconds.Postprocess },
        };
    }
}
