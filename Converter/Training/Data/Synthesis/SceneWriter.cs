using System.Globalization;
using System.Text.Json;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>Writes scenes as picture files with annotations in COCO's format.</summary>
public static class SceneWriter
{
    private const int JpegQuality = 92;
    private static readonly JsonSerializerOptions Compact = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes <c>PART.json</c> and the pictures <c>PART/000000.jpg</c> …; the annotations come last, so that they never name what is not there.</summary>
    /// <param name="folder">Where to; made if need be.</param>
    /// <param name="part">The name of the part, such as <c>train</c>.</param>
    /// <param name="maker">Makes the scenes.</param>
    /// <param name="count">How many.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="isPng">Without loss as PNG, or else as JPEG.</param>
    /// <param name="cancellation">Ends it between two pictures.</param>
    /// <returns>How many objects there are in all pictures.</returns>
    /// <exception cref="DataException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static int Write(string folder, string part, SceneMaker maker, int count, IReadOnlyList<string> classNames, bool isPng, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(maker);
        int objects = 0;
        Guarded(folder, () =>
        {
            string pictures = Path.Combine(folder, part);
            Directory.CreateDirectory(pictures);
            var boxes = new IReadOnlyList<TrueBox>[count];
            int size = 0;
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, () => new Encoder(), (number, _, encoder) =>
            {
                Scene scene = maker.Make(number);
                boxes[number] = scene.Boxes;
                Volatile.Write(ref size, scene.Size);
                File.WriteAllBytes(Path.Combine(folder, FileName(part, number, isPng)), encoder.Encode(scene, isPng));
                return encoder;
            }, encoder => encoder.Dispose());
            string json = Path.Combine(folder, $"{part}.json");
            AtomicFile.WriteAllBytes(json, JsonSerializer.SerializeToUtf8Bytes(Coco(part, boxes, size, classNames, isPng), Compact));
            objects = boxes.Sum(list => list.Count);
        });
        return objects;
    }

    /// <summary>Writes pictures of one item each as <c>PART/CLASS/000000.jpg</c> …, for a classifier.</summary>
    /// <param name="folder">Where to; made if need be.</param>
    /// <param name="part">The name of the part, such as <c>train</c>.</param>
    /// <param name="maker">Makes the pictures; its options are <see cref="SceneOptions.Single"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="classNames">The name of each class; a slash in one becomes a dash in its folder's name.</param>
    /// <param name="cancellation">Ends it between two pictures.</param>
    /// <exception cref="DataException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void WriteSingles(string folder, string part, SceneMaker maker, int count, IReadOnlyList<string> classNames, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(maker);
        string[] folders = [.. classNames.Select(name => Path.Combine(folder, part, name.Replace('/', '-')))];
        Guarded(folder, () =>
        {
            foreach (string path in folders)
            {
                Directory.CreateDirectory(path);
            }
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, () => new Encoder(), (number, _, encoder) =>
            {
                Scene scene = maker.Make(number);
                // Chance may have found no room for it.
                if (scene.Boxes is [var box, ..])
                {
                    File.WriteAllBytes(Path.Combine(folders[box.Class], $"{number.ToString("D6", CultureInfo.InvariantCulture)}.jpg"), encoder.Encode(scene, isPng: false));
                }
                return encoder;
            }, encoder => encoder.Dispose());
        });
    }

    private static void Guarded(string folder, Action write)
    {
        try
        {
            write();
        }
        catch (AggregateException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: cannot be written: {e.InnerException.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: cannot be written: {e.Message}", e);
        }
    }

    private static object Coco(string part, IReadOnlyList<TrueBox>[] boxes, int size, IReadOnlyList<string> classNames, bool isPng)
    {
        int id = 0;
        return new
        {
            Images = boxes.Select((_, number) => new { Id = number + 1, FileName = FileName(part, number, isPng), Width = size, Height = size }),
            Categories = classNames.Select((name, number) => new { Id = number + 1, Name = name }),
            Annotations = boxes.SelectMany((list, number) => list.Select(box => new
            {
                Id = ++id,
                ImageId = number + 1,
                CategoryId = box.Class + 1,
                Bbox = new[] { box.Box.X, box.Box.Y, box.Box.Width, box.Box.Height },
                box.Area,
                Iscrowd = 0,
            })),
        };
    }

    private static string FileName(string part, int number, bool isPng) => $"{part}/{number.ToString("D6", CultureInfo.InvariantCulture)}.{(isPng ? "png" : "jpg")}";

    private sealed class Encoder : IDisposable
    {
        private readonly PixelBuffer _pixels = new();
        private readonly ImageEncoder _encoder = new();

        public byte[] Encode(Scene scene, bool isPng)
        {
            _pixels.Resize(scene.Size, scene.Size, PixelFormat.Rgb24);
            scene.Pixels.CopyTo(_pixels.Pixels);
            return isPng ? _encoder.EncodePng(_pixels).ToArray() : _encoder.EncodeJpeg(_pixels, JpegQuality).ToArray();
        }

        public void Dispose()
        {
            _encoder.Dispose();
            _pixels.Dispose();
        }
    }
}
