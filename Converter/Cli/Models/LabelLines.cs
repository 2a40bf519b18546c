using Edge.Graph;

namespace Edge.Cli.Models;

/// <summary>Class names from a text file.</summary>
internal static class LabelLines
{
    private const int MaximumBytes = 1 << 20;

    /// <summary>The 80 classes of COCO 2014 and later in their order (Lin et al. 2014, arXiv 1405.0312).</summary>
    private static readonly string[] Coco =
    [
        "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant", "stop sign",
        "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella",
        "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard",
        "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange",
        "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant", "bed", "dining table", "toilet", "tv",
        "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase",
        "scissors", "teddy bear", "hair drier", "toothbrush",
    ];

    /// <summary>Reads a file, or takes a set by its name.</summary>
    /// <param name="path">The file, or <c>coco</c>.</param>
    internal static IReadOnlyList<string> Read(string path)
    {
        if (path == "coco" && !File.Exists(path))
        {
            return Coco;
        }
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaximumBytes)
        {
            throw new ModelFormatException($"{path}: {(file.Exists ? $"has more than {MaximumBytes} bytes" : "no such file")}; give a text file with one class name a line");
        }
        string[] lines = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new ModelFormatException($"{path}: holds no class name; give one a line");
    }
}
