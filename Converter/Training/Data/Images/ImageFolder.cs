using System.Buffers.Binary;
using System.Security.Cryptography;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>
/// JPEG and PNG files in folders that are named as their classes, read as float32 levels from 0 to 255
/// [channels, height, width]. Large JPEG files are decoded at a fraction of their size, and decoded pictures are kept as
/// far as memory is allowed for it.
/// </summary>
public sealed class ImageFolder : Dataset
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png"];

    private readonly IReadOnlyList<ClassFile> _files;
    private readonly ImageFolderOptions _options;
    private readonly PictureStore _store;
    private readonly HashSet<long> _sharedSizes;
    private readonly bool _isRandom;

    private ImageFolder(string name, IReadOnlyList<ClassFile> files, IReadOnlyList<string> classes, ImageFolderOptions options)
    {
        Name = name;
        _files = files;
        ClassNames = classes;
        _options = options;
        _store = new PictureStore(files.Count, options);
        _isRandom = options.Oversize > 1;
        var sizes = new HashSet<long>();
        _sharedSizes = [.. files.Select(file => file.Bytes).Where(size => !sizes.Add(size))];
        Inputs = [new Field("image", DataType.Float32, options.Channels, options.Height, options.Width) { ChannelAxis = 0 }];
        Target = new Field("class", DataType.Int64);
    }

    private ImageFolder(ImageFolder random)
    {
        (Name, _files, ClassNames, _options, _store, _sharedSizes, Inputs, Target) =
            (random.Name, random._files, random.ClassNames, random._options, random._store, random._sharedSizes, random.Inputs, random.Target);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Count => _files.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<Field> Inputs { get; }

    /// <inheritdoc/>
    public override TargetKind TargetKind => TargetKind.Class;

    /// <inheritdoc/>
    public override Field Target { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>Bytes of decoded pictures that are in memory.</summary>
    public long CachedBytes => _store.Bytes;

    /// <summary>Finds the pictures; none is read yet.</summary>
    /// <param name="root">
    /// A folder with a folder for each class; or with <c>train</c> and <c>val</c> (also <c>valid</c>, <c>validation</c>) and
    /// <c>test</c>, each with a folder for each class.
    /// </param>
    /// <param name="options">Size and colours of a sample.</param>
    /// <returns>The parts that the folder has; all of it is to train with where it is not parted.</returns>
    /// <exception cref="DataException">There is no such folder, or no picture in it.</exception>
    public static DatasetSplit Load(string root, ImageFolderOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        string train = Path.Combine(root, "train");
        if (!Directory.Exists(train))
        {
            return new DatasetSplit(Read(root, name, null, options), null, null);
        }
        ImageFolder training = Read(train, $"{name} (train)", null, options);
        return new DatasetSplit(training, Part("val", "valid", "validation"), Part("test"));

        Dataset? Part(params ReadOnlySpan<string> names)
        {
            foreach (string part in names)
            {
                string folder = Path.Combine(root, part);
                if (Directory.Exists(folder))
                {
                    return Read(folder, $"{name} ({part})", training.ClassNames, options).WithoutAugmentation();
                }
            }
            return null;
        }
    }

    /// <summary>The file of a sample.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public string PathOf(int index) => _files[index].Path;

    /// <inheritdoc/>
    public override int ClassOf(int index) => _files[index].Class;

    /// <inheritdoc/>
    public override UInt128 ContentHash(int index)
    {
        ClassFile file = _files[index];
        // Files of different sizes are never equal, so that most are not read for this.
        return _sharedSizes.Contains(file.Bytes)
            ? BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(DataFile.ReadBytes(file.Path, PictureStore.MaximumFileBytes)))
            : (UInt128)file.Bytes;
    }

    /// <inheritdoc/>
    /// <exception cref="ImageException">The picture is damaged or too large.</exception>
    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        (int x, int y) = _isRandom ? (random.Below(_store.SpareColumns + 1), random.Below(_store.SpareRows + 1)) : (_store.SpareColumns / 2, _store.SpareRows / 2);
        _store.Read(index, _files[index].Path, x, y, slots.Input<float>());
        slots.Target<long>()[0] = _files[index].Class;
    }

    /// <inheritdoc/>
    public override Dataset WithoutAugmentation() => _isRandom ? new ImageFolder(this) : this;

    private static ImageFolder Read(string folder, string name, IReadOnlyList<string>? known, ImageFolderOptions options)
    {
        IReadOnlyList<ClassFile> files = ClassFolders.Find(folder, Endings, known, out IReadOnlyList<string> classes);
        return new ImageFolder(name, files, classes, options);
    }
}
