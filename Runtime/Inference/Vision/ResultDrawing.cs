using System.Globalization;
using Edge.Imaging;

namespace Edge.Inference;

/// <summary>Draws what a model saw onto the picture: boxes with class and score, landmarks; for a classifier, its best class in a corner.</summary>
public static class ResultDrawing
{
    /// <summary>Draws.</summary>
    /// <param name="result">What the model saw.</param>
    /// <param name="labels">One name a class.</param>
    /// <param name="picture">The picture at the size that the result is of, RGB, BGR or grey.</param>
    public static void Draw(VisionResult result, IReadOnlyList<string> labels, PixelBuffer picture)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(picture);
        var canvas = new Canvas(picture);
        // The surest is drawn last, over the others.
        for (int i = result.Detections.Length - 1; i >= 0; i--)
        {
            Detection box = result.Detections[i];
            Color color = Color.OfClass(box.Class);
            canvas.Box((int)box.Left, (int)box.Top, (int)MathF.Ceiling(box.Right), (int)MathF.Ceiling(box.Bottom), Label(labels[box.Class], box.Score), color);
            int dot = Math.Max((int)(box.Width / 40), 1);
            foreach (Landmark point in result.Landmarks(i))
            {
                canvas.Fill((int)point.X - dot, (int)point.Y - dot, (int)point.X + dot + 1, (int)point.Y + dot + 1, color);
            }
        }
        if (result.Classes is [var best, ..])
        {
            canvas.Box(0, 0, 0, 0, Label(labels[best.Index], best.Probability), Color.OfClass(best.Index));
        }
    }

    private static string Label(string name, float score) => string.Create(CultureInfo.InvariantCulture, $"{name} {score:F2}");
}
