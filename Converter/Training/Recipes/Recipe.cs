using System.Security.Cryptography;
using System.Text;
using Edge.Training.Detection;
using Edge.Training.Losses;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;

namespace Edge.Training.Recipes;

/// <summary>
/// Everything that decides a training run, read from a YAML file, from the command line, or both. What its keys are is in
/// <see cref="RecipeSchema"/>.
/// </summary>
public sealed class Recipe
{
    private readonly RecipeValues _values;

    private Recipe(RecipeValues values, string name)
    {
        _values = values;
        Name = values.Text("name", name);
        if (values.Text("model.name") is null || values.Text("data.source") is null)
        {
            throw new TrainingException($"{name}: a recipe needs {(values.Text("model.name") is null ? "model.name: what to train" : "data.source: what to train with")}");
        }
        if (Task == RecipeTask.Gan && values.Text("gan.discriminator") is null)
        {
            throw new TrainingException($"{name}: task gan needs gan.discriminator");
        }
        // Whatever the options refuse is refused here, before any data is read.
        Options().Validate();
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>One line for readers.</summary>
    public string Description => _values.Text("description", "");

    /// <summary>What the model is trained for.</summary>
    public RecipeTask Task => Enum.Parse<RecipeTask>(_values.Text("task", "classify"), ignoreCase: true);

    /// <summary>The seed of every random choice.</summary>
    public ulong Seed => ulong.Parse(_values.Text("seed", "1"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c>.</summary>
    public string Device => _values.Text("device", "auto");

    /// <summary>What convolutions and matrix products should compute in.</summary>
    public Precision Precision => _values.Text("training.precision") switch { "bf16" => Precision.BFloat16, "fp16" => Precision.Float16, _ => Precision.Float32 };

    /// <summary>A data set's name, a folder or a file.</summary>
    public string DataSource => _values.Text("data.source")!;

    /// <summary>What the source holds: <c>idx</c>, <c>images</c>, <c>table</c>, <c>text</c>, <c>array</c> or <c>boxes</c>; null where the source says it itself.</summary>
    public string? DataKind => _values.Text("data.kind");

    /// <summary>The share of the samples to judge with, or a path; null for the default.</summary>
    public string? TestSource => _values.Text("data.test");

    /// <summary>The file of an array's targets; null for none.</summary>
    public string? Targets => _values.Text("data.targets");

    /// <summary>How values are normalised: <c>none</c>, <c>unit</c>, <c>symmetric</c> or <c>statistics</c>; null for the kind's default.</summary>
    public string? Normalization => _values.Text("data.normalization");

    /// <summary>What is subtracted, divided by and multiplied by; null where nothing of it was written.</summary>
    public (float Scale, IReadOnlyList<float> Mean, IReadOnlyList<float> Std)? Factors =>
        _values.Has("data.mean") || _values.Has("data.std") || _values.Has("data.scale")
            ? ((float)_values.Number("data.scale", 1), Floats("data.mean"), Floats("data.std"))
            : null;

    /// <summary>The classes that an autoencoder is trained with; empty for all.</summary>
    public IReadOnlyList<string> Normal => _values.Texts("data.normal");

    /// <summary>The augmentations, as written; null for none.</summary>
    public RecipeValue? Augment => _values.Node("data.augment") is { } node ? new RecipeValue(node) : null;

    /// <summary>Keys of the section <c>data</c> that belong to the kind of data, as written.</summary>
    public IReadOnlyDictionary<string, RecipeValue> DataKeys => Foreign("data");

    /// <summary>How many models cross-validation trains; 0 for none.</summary>
    public int Folds => _values.Integer("data.folds", 0);

    /// <summary>How many training samples are taken; null for all.</summary>
    public int? Limit => _values.Integer("data.limit", 0) is var limit and > 0 ? limit : null;

    /// <summary>A name of the zoo, or the path of an ONNX model.</summary>
    public string Model => _values.Text("model.name")!;

    /// <summary>Parameters of the zoo's model, as written.</summary>
    public IReadOnlyDictionary<string, RecipeValue> ModelKeys => Foreign("model");

    /// <summary>Parameters of the zoo's discriminator, as written.</summary>
    public IReadOnlyDictionary<string, RecipeValue> GanKeys => Foreign("gan");

    /// <summary>Whether classes are weighted by how rare they are.</summary>
    public bool IsBalanced => _values.Flag("loss.balanced", false);

    /// <summary>The teacher's file; null for none.</summary>
    public string? Teacher => _values.Text("distill.teacher");

    /// <summary>How soft the teacher's probabilities are made.</summary>
    public double Temperature => _values.Number("distill.temperature", 4);

    /// <summary>What the teacher counts beside the labels.</summary>
    public double TeacherWeight => _values.Number("distill.weight", 0.5);

    /// <summary>How a trained model is gone on with.</summary>
    public RecipeFineTuning FineTuning => new(
        _values.Texts("finetune.train"), _values.Texts("finetune.freeze"), _values.Flag("finetune.headOnly", false),
        _values.Has("finetune.replaceHead") ? _values.Flag("finetune.replaceHead", false) : null,
        _values.Flag("finetune.freezeBatchNorm", false), _values.Number("finetune.bodyRate", 1));

    /// <summary>The opponent of a generator; null unless the task is <see cref="RecipeTask.Gan"/>.</summary>
    public RecipeGan? Gan => Task != RecipeTask.Gan ? null : new RecipeGan(
        _values.Text("gan.discriminator")!, _values.Number("gan.learningRate"), _values.Number("gan.smoothing", 0.1), _values.Integer("gan.samples", 64));

    /// <summary>What the result is measured by.</summary>
    public RecipeGoal Goal => new(_values.Text("goal.metric", Task switch { RecipeTask.Classify => "accuracy", RecipeTask.Detect => "ap50", _ => "mse" }), _values.Number("goal.target"));

    /// <summary>
    /// What decides the model, as YAML that <see cref="Parse"/> reads, sorted: two recipes with the same text train the same model.
    /// </summary>
    public string Text => _values.ToYaml("name", "description", "device");

    /// <summary>SHA-256 of <see cref="Text"/>, in lower-case hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">What stands in for its own values.</param>
    /// <exception cref="TrainingException">It is missing, no YAML, or a key or value is wrong: one line with file and line.</exception>
    public static Recipe Load(string path, params IEnumerable<RecipeOverride> overrides) =>
        Make(RecipeReader.Load(path).Root, Path.GetFileNameWithoutExtension(path), overrides);

    /// <summary>Reads a recipe from text, such as <see cref="Text"/> in a model.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="overrides">What stands in for its own values.</param>
    /// <exception cref="TrainingException">It is no YAML, or a key or value is wrong.</exception>
    public static Recipe Parse(string text, string name, params IEnumerable<RecipeOverride> overrides) =>
        Make(RecipeReader.Parse(text, line => $"{name}:{line}"), name, overrides);

    /// <summary>Makes a recipe of values from the command line only.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="overrides">The values.</param>
    /// <exception cref="TrainingException">A key or value is wrong.</exception>
    public static Recipe From(string name, params IEnumerable<RecipeOverride> overrides) => Make(new RecipeNode(name) { Entries = [] }, name, overrides);

    /// <summary>The place of a key's value, for messages: <c>cnn.yaml:12</c>.</summary>
    /// <param name="path">The key.</param>
    public string PlaceOf(string path) => _values.Place(path);

    /// <summary>How the trainer works; device, checkpoint and whatever depends on the data are the caller's.</summary>
    public TrainerOptions Options() => new()
    {
        Epochs = _values.Integer("training.epochs", 5),
        BatchSize = _values.Integer("training.batch", 128),
        Accumulate = _values.Integer("training.accumulate", 1),
        Loss = LossOptions(),
        Autoencode = Task == RecipeTask.Autoencode,
        Optimizer = OptimizerOptions(),
        Schedule = ScheduleOptions(),
        ClipNorm = _values.Number("training.clipNorm"),
        ClipValue = _values.Number("training.clipValue"),
        Average = _values.Number("training.average"),
        Precision = Precision,
        Patience = _values.Has("training.patience") ? _values.Integer("training.patience", 0) : null,
        KeepBest = _values.Flag("training.keepBest", _values.Has("training.patience")),
        TimeBudget = _values.Number("training.seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Seed = Seed,
        ValidationFraction = _values.Number("data.validation", Task == RecipeTask.Gan ? 0 : 0.1),
        Folds = Folds,
        MultiScale = _values.Number("training.multiScale", 0),
        Workers = _values.Integer("data.workers", 0),
    };

    private static Recipe Make(RecipeNode root, string name, IEnumerable<RecipeOverride> overrides)
    {
        RecipeNode tree = root.Entries is null ? new RecipeNode(root.Place) { Entries = [] } : root;
        foreach (RecipeOverride item in overrides)
        {
            tree.Set(item.Path, RecipeReader.Parse(item.Value, _ => item.Place));
        }
        return new Recipe(new RecipeValues(tree), name);
    }

    private Dictionary<string, RecipeValue> Foreign(string section) =>
        _values.Foreign(section).ToDictionary(item => item.Key, item => new RecipeValue(item.Value), StringComparer.Ordinal);

    private IReadOnlyList<float> Floats(string path) => [.. (_values.Numbers(path) ?? []).Select(number => (float)number)];

    private LossOptions LossOptions() => new()
    {
        Name = _values.Text("loss.name", Task switch { RecipeTask.Classify => "cross-entropy", RecipeTask.Gan => "bce", RecipeTask.Detect => "detection", _ => "mse" }),
        LabelSmoothing = _values.Number("loss.labelSmoothing", 0),
        ClassWeights = _values.Numbers("loss.classWeights"),
        Gamma = _values.Number("loss.gamma", 2),
        PositiveWeights = _values.Numbers("loss.positiveWeights"),
        Logits = _values.Flag("loss.logits", true),
        Box = _values.Text("loss.box") == "diou" ? BoxLoss.Diou : BoxLoss.Giou,
        BoxWeight = _values.Number("loss.boxWeight", 5),
        LabelWeight = _values.Number("loss.labelWeight", 1),
        ObjectGamma = _values.Number("loss.objectGamma", 0),
        Delta = _values.Number("loss.delta", 1),
    };

    private OptimizerOptions OptimizerOptions()
    {
        OptimizerOptions options = Optimizers.OptimizerOptions.Parse(_values.Text("optimizer.name", "adam"));
        options = options with
        {
            LearningRate = _values.Number("optimizer.learningRate", options.LearningRate),
            WeightDecay = _values.Number("optimizer.weightDecay", options.WeightDecay),
            DecayBiasesAndNorms = _values.Flag("optimizer.decayBiasesAndNorms", true),
            Groups = [.. Enumerable.Range(0, _values.Count("optimizer.groups")).Select(Group)],
        };
        return options switch
        {
            SgdOptions sgd => Nesterov(sgd with { Momentum = _values.Number("optimizer.momentum", sgd.Momentum) }),
            RmsPropOptions rms => rms with
            {
                Momentum = _values.Number("optimizer.momentum", rms.Momentum),
                Smoothing = _values.Number("optimizer.smoothing", rms.Smoothing),
                Epsilon = _values.Number("optimizer.epsilon", rms.Epsilon),
            },
            AdamOptions adam => adam with
            {
                Beta1 = _values.Number("optimizer.beta1", adam.Beta1),
                Beta2 = _values.Number("optimizer.beta2", adam.Beta2),
                Epsilon = _values.Number("optimizer.epsilon", adam.Epsilon),
            },
            _ => options,
        };
    }

    private SgdOptions Nesterov(SgdOptions sgd) => sgd with { Nesterov = _values.Flag("optimizer.nesterov", sgd.Momentum > 0) };

    private ParameterGroup Group(int index)
    {
        string path = $"optimizer.groups[{index}]";
        string match = _values.Text($"{path}.match") ?? throw new TrainingException($"{_values.Place("optimizer.groups")}: group {index + 1} has no 'match'");
        return new ParameterGroup(match, _values.Number($"{path}.rate", 1), _values.Number($"{path}.decay", 1));
    }

    private Schedule ScheduleOptions()
    {
        Schedule schedule = Schedule.Parse(_values.Text("schedule.name", "cosine"));
        schedule = schedule with { Warmup = _values.Number("schedule.warmup", 0) };
        return schedule switch
        {
            StepSchedule step => step with { Every = _values.Integer("schedule.every", step.Every), Gamma = _values.Number("schedule.gamma", step.Gamma) },
            CosineSchedule cosine => cosine with { Final = _values.Number("schedule.final", cosine.Final) },
            OneCycleSchedule cycle => cycle with
            {
                Rise = _values.Number("schedule.rise", cycle.Rise),
                Start = _values.Number("schedule.start", cycle.Start),
                Final = _values.Number("schedule.final", cycle.Final),
            },
            PlateauSchedule plateau => plateau with
            {
                Gamma = _values.Number("schedule.gamma", plateau.Gamma),
                Patience = _values.Integer("schedule.patience", plateau.Patience),
                Final = _values.Number("schedule.final", plateau.Final),
            },
            _ => schedule,
        };
    }
}
