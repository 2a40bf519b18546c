using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Edge.Foundation;
using Edge.Inference.Text;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>
/// Texts with a class each, read as int64 token numbers [length]. Fresh from its file a text is read as UTF-8 bytes;
/// <see cref="WithVocabularyOf"/> learns the vocabulary from the training part, after the split.
/// </summary>
public sealed class TextDataset : Dataset
{
    private const int MaximumTexts = 1 << 26;
    private const int MaximumClasses = 10_000;

    private readonly string[] _texts;
    private readonly int[] _classes;
    private readonly int[] _groups;
    private readonly int[] _cohorts;
    private readonly TextOptions _options;
    private readonly TextEncoder _encoder;

    private TextDataset(string name, string[] texts, int[] classes, IReadOnlyList<string> classNames, TextOptions options)
    {
        Name = name;
        _texts = texts;
        _classes = classes;
        _groups = [];
        _cohorts = [];
        ClassNames = classNames;
        CohortNames = [];
        _options = options;
        _encoder = new TextEncoder(new Vocabulary([], options.LowerCase, options.Length));
        Inputs = [new Field("tokens", DataType.Int64, options.Length)];
        Target = new Field("class", DataType.Int64);
    }

    private TextDataset(TextDataset other, Vocabulary vocabulary, int[]? groups = null, int[]? cohorts = null, IReadOnlyList<string>? cohortNames = null)
    {
        (Name, ClassNames, Target, _options, _texts, _classes) = (other.Name, other.ClassNames, other.Target, other._options, other._texts, other._classes);
        _groups = groups ?? other._groups;
        _cohorts = cohorts ?? other._cohorts;
        CohortNames = cohortNames ?? other.CohortNames;
        _encoder = new TextEncoder(vocabulary);
        Inputs = [new Field("tokens", DataType.Int64, vocabulary.Length)];
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Count => _texts.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Field> Inputs { get; }

    /// <inheritdoc/>
    public override TargetKind TargetKind => TargetKind.Class;

    /// <inheritdoc/>
    public override Field Target { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> CohortNames { get; }

    /// <summary>What the texts are cut with; it belongs into the model's package.</summary>
    public Vocabulary Vocabulary => _encoder.Vocabulary;

    /// <summary>Reads texts.</summary>
    /// <param name="path">
    /// A CSV or TSV file with a text and a class in each row, several of them separated by a comma (which are put together),
    /// or a folder with a folder of text files for each class.
    /// </param>
    /// <param name="options">Where the texts are and what they are cut into.</param>
    /// <param name="like">The training set, whose classes and vocabulary these texts get; null for the training set itself.</param>
    /// <exception cref="DataException">Something is missing, damaged or does not fit the options or the training set.</exception>
    public static TextDataset Load(string path, TextOptions options, TextDataset? like = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        TextDataset all;
        if (Directory.Exists(path))
        {
            all = FromFolder(path, options, like);
        }
        else
        {
            string[] files = File.Exists(path) ? [path] : path.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            all = FromTables([.. files.Select(file => Table.Load(file, options.Format))], options, like);
        }
        return like is null ? all : all.With(like.Vocabulary);
    }

    /// <summary>Takes texts from tables of the same columns.</summary>
    /// <param name="tables">The tables, at least one.</param>
    /// <param name="options">Where the texts are.</param>
    /// <param name="like">The training set, whose classes these texts have; null for the training set itself.</param>
    /// <exception cref="DataException">A column is missing, or a class unknown.</exception>
    public static TextDataset FromTables(IReadOnlyList<Table> tables, TextOptions options, TextDataset? like = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(options);
        Table first = tables[0];
        int text = options.Text is { } chosen ? first.Column(chosen) : TextColumns.Longest(first);
        int label = options.Label is { } named ? first.Column(named) : TextColumns.FewestValues(first, text);
        int? group = options.Group is { } by ? first.Column(by) : null;
        int? cohort = options.Cohort is { } of ? first.Column(of) : null;
        var rows = new List<(Table Table, int Row)>();
        foreach (Table table in tables)
        {
            if (table.ColumnNames.Count != first.ColumnNames.Count)
            {
                throw new DataException($"{table.Name}: has {table.ColumnNames.Count} columns, {first.Name} has {first.ColumnNames.Count}; put tables of one kind together");
            }
            for (int row = 0; row < table.RowCount && rows.Count <= MaximumTexts; row++)
            {
                rows.Add((table, row));
            }
        }
        NameList classes = like is not null ? NameList.Given(like.ClassNames)
            : NameList.Of(rows.Select(at => at.Table.Text(at.Row, label)), MaximumClasses, $"{first.Name}: column '{first.ColumnNames[label]}'");
        var texts = new string[rows.Count];
        var numbers = new int[rows.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            (Table table, int row) = rows[i];
            texts[i] = table.Text(row, text);
            numbers[i] = classes.Find(table.Text(row, label));
            if (numbers[i] < 0)
            {
                throw new DataException($"{table.Name}: data row {row + 1} has a class that the training data does not have; it knows {string.Join(", ", classes.Names.Take(10))}");
            }
        }
        var dataset = new TextDataset(first.Name, texts, numbers, classes.Names, options);
        int[]? groups = group is { } g ? Numbers(rows, g, int.MaxValue, first.Name, out _) : null;
        IReadOnlyList<string>? cohortNames = null;
        int[]? cohorts = cohort is { } c ? Numbers(rows, c, MaximumClasses, first.Name, out cohortNames) : null;
        return new TextDataset(dataset, dataset.Vocabulary, groups, cohorts, cohortNames);
    }

    /// <summary>The same texts, cut with a vocabulary learnt from a part of them.</summary>
    /// <param name="training">The training part of this set, so that nothing is learnt from texts to judge with.</param>
    public TextDataset WithVocabularyOf(Dataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return With(VocabularyBuilder.Build(Texts(training), _options));
    }

    /// <summary>The same texts, cut with a vocabulary, its length included.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    public TextDataset With(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return new TextDataset(this, vocabulary);
    }

    /// <inheritdoc/>
    public override int ClassOf(int index) => _classes[index];

    /// <inheritdoc/>
    public override int GroupOf(int index) => _groups.Length == 0 ? -1 : _groups[index];

    /// <inheritdoc/>
    public override int CohortOf(int index) => _cohorts.Length == 0 ? -1 : _cohorts[index];

    /// <inheritdoc/>
    public override string TextOf(int index) => _texts[index];

    /// <summary>Texts that differ in case, spaces and punctuation only are the same.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public override UInt128 ContentHash(int index)
    {
        var plain = new StringBuilder();
        var words = new WordBoundaries(_texts[index]);
        while (words.MoveNext())
        {
            if (char.IsLetterOrDigit(words.Current[0]))
            {
                plain.Append(words.Current).Append(' ');
            }
        }
        string content = plain.Length > 0 ? plain.ToString().ToLowerInvariant() : _texts[index];
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }

    /// <inheritdoc/>
    public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
    {
        _encoder.Encode(_texts[index], slots.Input<long>());
        slots.Target<long>()[0] = _classes[index];
    }

    private static TextDataset FromFolder(string path, TextOptions options, TextDataset? like)
    {
        const int MaximumText = 1 << 20;
        IReadOnlyList<ClassFile> files = ClassFolders.Find(path, [".txt"], like?.ClassNames, out IReadOnlyList<string> classes);
        string[] texts = [.. files.Select(file => DataFile.ReadText(file.Path, MaximumText))];
        return new TextDataset(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), texts, [.. files.Select(file => file.Class)], classes, options);
    }

    private static int[] Numbers(List<(Table Table, int Row)> rows, int column, int limit, string source, out IReadOnlyList<string> names)
    {
        NameList list = NameList.Of(rows.Select(at => at.Table.Text(at.Row, column)), limit, $"{source}: column {column}");
        names = list.Names;
        return [.. rows.Select(at => list.Find(at.Table.Text(at.Row, column)))];
    }

    private static IEnumerable<string> Texts(Dataset part)
    {
        for (int i = 0; i < part.Count; i++)
        {
            yield return part.TextOf(i) ?? throw new ArgumentException($"{part.Name} holds no texts", nameof(part));
        }
    }
}
