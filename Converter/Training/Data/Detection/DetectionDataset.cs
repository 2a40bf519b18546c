namespace Edge.Training.Data;

/// <summary>Pictures with boxes, in the order of their file names.</summary>
/// <param name="Name">What messages and reports call it.</param>
/// <param name="ClassNames">The name of each class.</param>
/// <param name="Images">The pictures.</param>
public sealed record DetectionDataset(string Name, IReadOnlyList<string> ClassNames, IReadOnlyList<AnnotatedImage> Images)
{
    /// <summary>The most bytes of an annotation file that are read.</summary>
    internal const long MaximumBytes = 1L << 30;

    /// <summary>
    /// Loads annotations: a COCO <c>.json</c> file, a folder of Pascal VOC (<c>.xml</c> files, or <c>Annotations/</c> beside
    /// <c>JPEGImages/</c>), or a folder of YOLO (<c>images/</c> beside <c>labels/</c>, or <c>.txt</c> files beside the pictures, with
    /// <c>classes.txt</c>, <c>obj.names</c> or <c>data.yaml</c>).
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="images">Where the pictures are; null for where the format usually has them.</param>
    /// <exception cref="DataException">It is missing, damaged, or of none of these formats.</exception>
    public static DetectionDataset Load(string path, string? images = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (images is not null && !Directory.Exists(images))
        {
            throw new DataException($"{images}: no such folder; name the folder that holds the pictures of {path}");
        }
        return File.Exists(path) ? CocoFile.Load(path, images)
            : !Directory.Exists(path) ? throw new DataException($"{path}: no such file or folder; give a COCO .json file, or a folder of YOLO or Pascal VOC labels")
            : VocFolder.Is(path) ? VocFolder.Load(path, images)
            : YoloFolder.Load(path, images);
    }

    /// <summary>Whether a file or folder looks like annotations of one of these formats; whether they can be read is not looked at.</summary>
    /// <param name="path">The file or folder.</param>
    public static bool IsAnnotated(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || (Directory.Exists(path) && (VocFolder.Is(path) || YoloFolder.Is(path)));
    }

    /// <summary>The files of a folder in the order of their names.</summary>
    internal static string[] Files(string folder, string extension)
    {
        try
        {
            string[] files = Directory.GetFiles(folder, "*" + extension);
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A file's bytes.</summary>
    internal static byte[] Read(string path, long most)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= most ? File.ReadAllBytes(path) : throw new DataException($"{path}: has {length:N0} bytes, the limit is {most:N0}; split it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The picture of a name, whatever its extension; null where there is none.</summary>
    internal static string? FindImage(string folder, string name)
    {
        foreach (string extension in (ReadOnlySpan<string>)[".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG"])
        {
            string path = System.IO.Path.Combine(folder, name + extension);
            if (File.Exists(path))
            {
                return path;
            }
        }
        return null;
    }
}
