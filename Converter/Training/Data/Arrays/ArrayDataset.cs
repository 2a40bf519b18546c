using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Serialization;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>
/// Samples from arrays of numbers, <c>.npy</c> or raw <c>.bin</c>: [N, …] inputs and, unless the input is the target, [N] whole
/// numbers as classes or [N, …] floats as values. Inputs of 32 or 64-bit whole numbers are read as int64, all others as float32.
/// </summary>
public sealed class ArrayDataset : Dataset
{
    private const int MaximumClasses = 10_000;

    private readonly OnnxTensor _inputs;
    private readonly OnnxTensor? _targets;
    private readonly int[] _classes;

    /// <summary>Puts arrays together.</summary>
    /// <param name="name">What messages and reports call it.</param>
    /// <param name="inputs">[N, …] numbers.</param>
    /// <param name="targets">[N] whole numbers from 0, or [N, …] floats; null where the input is the target.</param>
    /// <param name="classNames">The name of each class; null numbers them.</param>
    /// <exception cref="DataException">The arrays do not fit together, or a class is negative or none of the names.</exception>
    public ArrayDataset(string name, OnnxTensor inputs, OnnxTensor? targets, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Name = name;
        _inputs = inputs;
        _targets = targets;
        _classes = [];
        ClassNames = [];
        if (inputs.Dims.Length == 0 || inputs.Length == 0 || inputs.Dims[0] > int.MaxValue || !IsNumber(inputs.Type))
        {
            throw new DataException($"{name}: {inputs} are no samples; the first dimension counts them");
        }
        Count = (int)inputs.Dims[0];
        bool isWhole = inputs.Type is ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64;
        int[] shape = Sizes(inputs);
        Inputs = [new Field("input", isWhole ? DataType.Int64 : DataType.Float32, shape) { ChannelAxis = isWhole || shape.Length == 0 ? null : 0 }];
        if (targets is null)
        {
            TargetKind = TargetKind.Input;
            return;
        }
        if (targets.Dims.Length == 0 || targets.Dims[0] != Count || !IsNumber(targets.Type))
        {
            throw new DataException($"{name}: {Count} samples have targets {targets}; inputs and targets must be of the same set");
        }
        if (targets.Dims.Length == 1 && targets.Type is not (ElementType.Float or ElementType.Double or ElementType.Float16))
        {
            TargetKind = TargetKind.Class;
            Target = new Field("class", DataType.Int64);
            _classes = Classes(targets, classNames?.Count ?? MaximumClasses);
            ClassNames = classNames ?? [.. Enumerable.Range(0, Math.Max(2, _classes.Max() + 1)).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
            return;
        }
        TargetKind = TargetKind.Values;
        Target = new Field("values", DataType.Float32, targets.Dims.Length == 1 ? [1] : Sizes(targets));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Field> Inputs { get; }

    /// <inheritdoc/>
    public override TargetKind TargetKind { get; }

    /// <inheritdoc/>
    public override Field? Target { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>Reads arrays from files.</summary>
    /// <param name="inputs">A <c>.npy</c> file [N, …], a file of raw numbers, or a folder with a file of raw numbers for each sample.</param>
    /// <param name="targets">
    /// A <c>.npy</c> file; for a folder a table whose first column names the files and whose last one has their classes; null
    /// where the input is the target.
    /// </param>
    /// <param name="format">What raw numbers are; not needed for <c>.npy</c>.</param>
    /// <exception cref="DataException">A file is missing, damaged, or does not fit the others.</exception>
    public static ArrayDataset Load(string inputs, string? targets, BinaryFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(inputs);
        try
        {
            if (Directory.Exists(inputs))
            {
                return LoadFolder(inputs, targets ?? throw new DataException($"{inputs}: name a table of the files' classes"), Format());
            }
            bool isNpy = inputs.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
            return new ArrayDataset(Path.GetFileName(inputs), isNpy ? LoadNpy(inputs) : LoadRaw(inputs, Format()), targets is null ? null : LoadNpy(targets));
        }
        catch (ModelFormatException e)
        {
            throw new DataException(e.Message, e);
        }

        BinaryFormat Format() => format ?? throw new DataException($"{inputs}: is raw data; name the type of its elements and the shape of a sample");
    }

    /// <inheritdoc/>
    public override int ClassOf(int index) => _classes.Length == 0 ? -1 : _classes[index];

    /// <inheritdoc/>
    public override UInt128 ContentHash(int index)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Row(_inputs, index), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <inheritdoc/>
    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        if (Inputs[0].Type == DataType.Int64)
        {
            ToInt64(_inputs, index, slots.Input<long>());
        }
        else
        {
            ToFloat(_inputs, index, slots.Input<float>());
        }
        if (TargetKind == TargetKind.Class)
        {
            slots.Target<long>()[0] = _classes[index];
        }
        else if (_targets is not null)
        {
            ToFloat(_targets, index, slots.Target<float>());
        }
    }

    private static OnnxTensor LoadNpy(string path) => NpyReader.Read(DataFile.ReadBytes(path, int.MaxValue - 65_536), path);

    private static OnnxTensor LoadRaw(string path, BinaryFormat format)
    {
        int sample = format.SampleBytes;
        byte[] bytes = DataFile.ReadBytes(path, int.MaxValue - 65_536);
        return bytes.Length > 0 && bytes.Length % sample == 0
            ? new OnnxTensor(format.Type, [bytes.Length / sample, .. format.Shape], bytes)
            : throw new DataException($"{path}: {bytes.Length} bytes are no whole number of samples of {sample}; check type and shape");
    }

    private static ArrayDataset LoadFolder(string folder, string labels, BinaryFormat format)
    {
        Table table = Table.Load(labels);
        int last = table.ColumnNames.Count - 1;
        if (last == 0)
        {
            throw new DataException($"{labels}: needs two columns, the file's name and its class");
        }
        NameList classes = NameList.Of(Enumerable.Range(0, table.RowCount).Select(row => table.Text(row, last)), MaximumClasses, $"{labels}: last column");
        int sample = format.SampleBytes;
        long all = (long)sample * table.RowCount;
        if (all > int.MaxValue - 65_536)
        {
            throw new DataException($"{folder}: {table.RowCount} samples of {sample} bytes are over 2 GiB; use fewer");
        }
        byte[] bytes = new byte[all];
        long[] numbers = new long[table.RowCount];
        for (int row = 0; row < numbers.Length; row++)
        {
            string name = table.Text(row, 0);
            if (name.Length == 0 || Path.GetFileName(name) != name)
            {
                throw new DataException($"{labels}: data row {row + 1}: '{name}' is no name of a file in {folder}");
            }
            byte[] content = DataFile.ReadBytes(Path.Combine(folder, name), sample);
            if (content.Length != sample)
            {
                throw new DataException($"{Path.Combine(folder, name)}: has {content.Length} bytes, a sample takes {sample}; check type and shape");
            }
            content.CopyTo(bytes, (long)row * sample);
            numbers[row] = classes.Find(table.Text(row, last));
        }
        return new ArrayDataset(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), new OnnxTensor(format.Type, [numbers.Length, .. format.Shape], bytes),
            OnnxTensor.From<long>(numbers, numbers.Length), classes.Names);
    }

    private int[] Classes(OnnxTensor targets, int limit)
    {
        var classes = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            long label = 0;
            ToInt64(targets, i, new Span<long>(ref label));
            classes[i] = label >= 0 && label < limit ? (int)label : throw new DataException($"{Name}: sample {i} has the class {label}; classes are 0 to {limit - 1}");
        }
        return classes;
    }

    private static int[] Sizes(OnnxTensor tensor) =>
        Array.ConvertAll(tensor.Dims[1..], size => size is > 0 and <= int.MaxValue ? (int)size : throw new DataException($"{tensor} has an empty or too large dimension"));

    private static bool IsNumber(ElementType type) => type is ElementType.Float or ElementType.Double or ElementType.Float16
        or ElementType.UInt8 or ElementType.Int8 or ElementType.UInt16 or ElementType.Int16 or ElementType.UInt32 or ElementType.Int32
        or ElementType.UInt64 or ElementType.Int64 or ElementType.Bool;

    private static ReadOnlySpan<byte> Row(OnnxTensor tensor, int index)
    {
        int bytes = (int)(tensor.Bytes.Length / tensor.Dims[0]);
        return tensor.Bytes.Span.Slice(index * bytes, bytes);
    }

    private static void ToInt64(OnnxTensor tensor, int index, Span<long> target)
    {
        ReadOnlySpan<byte> row = Row(tensor, index);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = tensor.Type switch
            {
                ElementType.Int64 or ElementType.UInt64 => MemoryMarshal.Cast<byte, long>(row)[i],
                ElementType.Int32 => MemoryMarshal.Cast<byte, int>(row)[i],
                ElementType.UInt32 => MemoryMarshal.Cast<byte, uint>(row)[i],
                ElementType.Int16 => MemoryMarshal.Cast<byte, short>(row)[i],
                ElementType.UInt16 => MemoryMarshal.Cast<byte, ushort>(row)[i],
                ElementType.Int8 => (sbyte)row[i],
                _ => row[i],
            };
        }
    }

    private static void ToFloat(OnnxTensor tensor, int index, Span<float> target)
    {
        ReadOnlySpan<byte> row = Row(tensor, index);
        if (tensor.Type == ElementType.Float)
        {
            MemoryMarshal.Cast<byte, float>(row).CopyTo(target);
            return;
        }
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = tensor.Type switch
            {
                ElementType.Double => (float)MemoryMarshal.Cast<byte, double>(row)[i],
                ElementType.Float16 => (float)MemoryMarshal.Cast<byte, Half>(row)[i],
                ElementType.Int64 or ElementType.UInt64 => MemoryMarshal.Cast<byte, long>(row)[i],
                ElementType.Int32 => MemoryMarshal.Cast<byte, int>(row)[i],
                ElementType.UInt32 => MemoryMarshal.Cast<byte, uint>(row)[i],
                ElementType.Int16 => MemoryMarshal.Cast<byte, short>(row)[i],
                ElementType.UInt16 => MemoryMarshal.Cast<byte, ushort>(row)[i],
                ElementType.Int8 => (sbyte)row[i],
                _ => row[i],
            };
        }
    }
}
