using System.Globalization;
using System.Text.RegularExpressions;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Graph.Execution;
using Edge.Graph.Passes;
using Edge.Graph.Serialization;
using Edge.Packages;

namespace Edge.Cli.Samples;

/// <summary>
/// Real inputs of a model, from files. Of a model with one input every file is a sample; of a model with several a file belongs
/// to the input that <c>NAME=FILE</c> says, that is named like the file, or whose number <c>input_N</c> gives; the first file of
/// each input makes the first sample, and an input with a single file gets it in all of them.
/// </summary>
internal sealed partial class SampleSet
{
    private static readonly string[] Pictures = [".jpg", ".jpeg", ".png"];
    private static readonly string[] Numbers = [".pb", ".npy", ".bin", ".raw"];

    private readonly Value[] _inputs;
    private readonly Dictionary<string, List<string>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _filled = new(StringComparer.Ordinal);
    private readonly PictureSpec? _picture;
    private readonly string _source;

    private SampleSet(OnnxModel model, string source, InputNormalization? normalization, ColorOrder? color)
    {
        _source = source;
        _inputs = [.. model.Graph.Inputs.Where(input => input.Constant is null)];
        string? picture = _inputs is [var only] ? only.Name : ModelMeaning.Of(model).FirstOrDefault(guess => guess.Kind == "image" && guess.About is not null)?.About;
        _picture = Array.Find(_inputs, input => input.Name == picture) is { } input ? new PictureSpec(model, input, source, normalization, color) : null;
    }

    /// <summary>How many samples there are.</summary>
    internal int Count { get; private set; }

    /// <summary>Sorts files to inputs; none is read yet.</summary>
    /// <param name="model">The model that takes them, with inferred shapes.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="paths">Files and folders, with <c>NAME=</c> in front where a file is for a certain input.</param>
    /// <param name="normalization">What is done to the pixels of pictures; null takes what the model's card says, or 0 to 1.</param>
    /// <param name="color">The order of their colours; null takes what the model's card says, or RGB.</param>
    /// <param name="fill">Values for inputs that no file is given for.</param>
    /// <exception cref="ModelFormatException">A file is for no input, or an input has none.</exception>
    /// <exception cref="ToolException">A path is not there, or a folder holds no samples.</exception>
    internal static SampleSet Of(OnnxModel model, string source, IReadOnlyList<string> paths, InputNormalization? normalization, ColorOrder? color, IReadOnlyDictionary<string, double>? fill)
    {
        var set = new SampleSet(model, source, normalization, color);
        foreach (string path in paths)
        {
            (string? name, string file) = set.Split(path);
            foreach (string found in Expand(file))
            {
                string input = name ?? set.InputOf(found);
                (set._files.TryGetValue(input, out List<string>? files) ? files : set._files[input] = []).Add(found);
            }
        }
        set.Complete(fill ?? new Dictionary<string, double>());
        return set;
    }

    /// <summary>True where every file is a picture.</summary>
    internal bool HasOnlyPictures => _files.Values.All(files => files.TrueForAll(file => Has(file, Pictures)));

    /// <summary>Reads the samples, each when it is asked for.</summary>
    /// <exception cref="Foundation.InputException">A file is damaged, or does not fit its input.</exception>
    internal IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Read()
    {
        for (int index = 0; index < Count; index++)
        {
            var sample = new Dictionary<string, OnnxTensor>(_filled, StringComparer.Ordinal);
            foreach (Value input in _inputs)
            {
                if (_files.TryGetValue(input.Name, out List<string>? files))
                {
                    sample[input.Name] = Read(files[files.Count == 1 ? 0 : index], input);
                }
            }
            yield return sample;
        }
    }

    // A tensor's name may hold '=' itself, and so may a file's.
    private (string? Input, string Path) Split(string text)
    {
        Value? named = Array.Find(_inputs, input => text.StartsWith(input.Name + "=", StringComparison.Ordinal));
        return named is not null && !Path.Exists(text) ? (named.Name, text[(named.Name.Length + 1)..]) : (null, text);
    }

    private static IEnumerable<string> Expand(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }
        if (!Directory.Exists(path))
        {
            throw new ToolException($"{path}: no such file or folder of samples; check the path (an input's name goes in front: NAME=FILE)");
        }
        // The folders that ONNX models come with: test_data_set_0/input_0.pb, beside what the model should give.
        string[] files = [.. Directory.EnumerateFiles(path).Concat(Directory.EnumerateDirectories(path, "test_data_set_*").SelectMany(Directory.EnumerateFiles))
            .Where(file => (Has(file, Pictures) || Has(file, Numbers)) && !Path.GetFileName(file).StartsWith("output_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new ToolException($"{path}: holds no samples ({string.Join(", ", Pictures.Concat(Numbers))})");
    }

    private string InputOf(string file)
    {
        if (_inputs is [var only])
        {
            return only.Name;
        }
        string stem = Path.GetFileNameWithoutExtension(file);
        if (Array.Find(_inputs, input => input.Name == stem) is { } named)
        {
            return named.Name;
        }
        if (Numbered().Match(stem) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < _inputs.Length)
        {
            return _inputs[index].Name;
        }
        return Has(file, Pictures) && _picture is { } picture
            ? picture.Input.Name
            : throw new ModelFormatException($"{file}: which input of {_source} is it for? Write NAME={Path.GetFileName(file)}, NAME one of {string.Join(", ", _inputs.Select(input => input.Name))}");
    }

    private void Complete(IReadOnlyDictionary<string, double> fill)
    {
        Count = _files.Values.Max(files => files.Count);
        foreach (Value input in _inputs)
        {
            if (_files.TryGetValue(input.Name, out List<string>? files))
            {
                if (files.Count != 1 && files.Count != Count)
                {
                    throw new ModelFormatException($"{_source}: input '{input.Name}' has {files.Count} samples where another has {Count}; give as many, or one for all");
                }
                continue;
            }
            long[]? dims = input.Shape?.Dimensions.Select((dimension, axis) => dimension.Size ?? (axis == 0 ? 1 : -1)).ToArray();
            _filled[input.Name] = fill.TryGetValue(input.Name, out double value) && input.ElementType is { } type && dims is not null && Array.TrueForAll(dims, size => size >= 0)
                && dims.Aggregate(1.0, (a, b) => a * b) <= 1 << 28 && FilledTensor.Make(type, dims, value) is { } tensor
                ? tensor
                : throw new ModelFormatException($"{_source}: input '{input.Name}' has no sample; give {input.Name}=FILE, or fill it: --fill {input.Name}=0");
        }
    }

    private OnnxTensor Read(string file, Value input)
    {
        if (Has(file, Pictures))
        {
            return _picture is { } picture && picture.Input.Name == input.Name
                ? picture.Read(file)
                : throw new ModelFormatException($"{file}: input {input} of {_source} takes no pictures; give a tensor (.npy, .pb, .bin)");
        }
        if (new FileInfo(file).Length > Array.MaxLength)
        {
            throw new ModelFormatException($"{file}: has more than {Array.MaxLength} bytes; give a smaller sample");
        }
        byte[] bytes = File.ReadAllBytes(file);
        OnnxTensor tensor = Path.GetExtension(file).ToUpperInvariant() switch
        {
            ".PB" => OnnxTensor.Parse(bytes, file),
            ".NPY" => NpyReader.Read(bytes, file),
            ".BIN" or ".RAW" => Raw(bytes, file, input),
            _ => throw new ModelFormatException($"{file}: the ending says neither picture nor tensor; use one of {string.Join(", ", Pictures.Concat(Numbers))}"),
        };
        return Fits(tensor, input) ? tensor : throw new ModelFormatException($"{file}: holds {tensor}, input {input} of {_source} takes another type or shape; convert it");
    }

    private static bool Fits(OnnxTensor tensor, Value input) =>
        (input.ElementType ?? tensor.Type) == tensor.Type
        && (input.Shape is not { } shape || (shape.Rank == tensor.Dims.Length && shape.Dimensions.Zip(tensor.Dims).All(pair => (pair.First.Size ?? pair.Second) == pair.Second)));

    // Nothing but numbers, in C order and little-endian: one open axis follows from how many there are.
    private OnnxTensor Raw(byte[] bytes, string file, Value input)
    {
        if (input is { ElementType: { } type, Shape: { } shape } && type.BitsPerElement() is >= 8 and int bits)
        {
            long count = bytes.Length / (bits / 8);
            double known = shape.Dimensions.Aggregate(1.0, (product, dimension) => product * (dimension.Size ?? 1));
            int open = shape.Dimensions.Count(dimension => dimension.Size is null);
            long rest = open > 0 && known > 0 ? count / (long)Math.Min(known, long.MaxValue / 2) : 1;
            long[] dims = [.. shape.Dimensions.Select(dimension => dimension.Size ?? rest)];
            if (open <= 1 && known * rest == count && bytes.Length % (bits / 8) == 0)
            {
                return new OnnxTensor(type, dims, bytes);
            }
        }
        throw new ModelFormatException($"{file}: its {bytes.Length} bytes do not fill input {input} of {_source}; give as many as it takes, or fix its sizes with --input");
    }

    private static bool Has(string file, string[] endings) => endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("^input_([0-9]+)$")]
    private static partial Regex Numbered();
}
