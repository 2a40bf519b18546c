using Edge.Graph;

namespace Edge.Cli.Models;

/// <summary>Class names from a text file.</summary>
internal static class LabelLines
{
    private const int MaximumBytes = 1 << 20;

    internal static IReadOnlyList<string> Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length > MaximumBytes)
        {
            throw new ModelFormatException($"{path}: {(file.Exists ? $"has more than {MaximumBytes} bytes" : "no such file")}; give a text file with one class name a line");
        }
        string[] lines = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new ModelFormatException($"{path}: holds no class name; give one a line");
    }
}
