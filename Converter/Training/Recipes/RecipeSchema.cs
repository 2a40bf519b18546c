using Edge.Training.Losses;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;

namespace Edge.Training.Recipes;

/// <summary>All keys that a recipe may have: what the parser checks against and what the reference is made from.</summary>
public static class RecipeSchema
{
    private static readonly RecipeRange Share = new(0, 1);
    private static readonly RecipeRange PartialShare = new(0, 1, WithoutMost: true);
    private static readonly RecipeRange Positive = new(0, 1e9, WithoutLeast: true);
    private static readonly RecipeRange Count = new(1, 1_000_000);

    /// <summary>Sections in the order of the reference, with what they are for.</summary>
    public static IReadOnlyList<(string Name, string Description)> Sections { get; } =
    [
        ("", "The recipe as a whole."),
        ("data", "What to learn from. Keys beyond these belong to the kind of data; see the data reference."),
        ("model", "What learns. Further keys are parameters of the zoo's model, such as `dropout`."),
        ("loss", "What training makes small."),
        ("optimizer", "How weights move along their gradients."),
        ("schedule", "How the learning rate changes while training goes on."),
        ("training", "How long, in what portions, and in which precision."),
        ("finetune", "Going on from a trained model."),
        ("distill", "Learning from a teacher too. With a `teacher`, the loss is `(1 − weight) · loss + weight · distillation`."),
        ("gan", "For `task: gan`: `model` is the generator, this is its opponent."),
        ("goal", "What `make recipes` measures the result by."),
    ];

    /// <summary>The keys, in the order of the reference.</summary>
    public static IReadOnlyList<RecipeKey> Keys { get; } =
    [
        Text("name", "the file's name", "What reports call it."),
        Text("description", "", "One line for readers."),
        Choice("task", "classify", "What the model does with its input; `autoencode` gives it its own input as target.", ["classify", "regress", "autoencode", "detect", "gan"]),
        Integer("seed", "1", "The same seed gives the same model: bit for bit on the CPU.", new(0, long.MaxValue)),
        Text("device", "auto", "`cpu`, `cuda`, `cuda:1` or `auto`: a CUDA device where libtorch sees one."),

        Text("data.source", "required", "A data set's name, a folder or a file; several tables of texts with commas between them."),
        Choice("data.kind", "by the source", "What the source holds: `idx` four files as MNIST's, `images` a folder of pictures, `table` rows or windows of rows, `text` texts with a class, `array` .npy or raw numbers, `boxes` pictures with boxes (COCO JSON, YOLO, Pascal VOC).", ["idx", "images", "table", "text", "array", "boxes"]),
        Text("data.test", "0.2, or what the source has", "The share of the samples that is never trained with, or a file or folder of its own, to judge with at the end."),
        Text("data.targets", "none", "For `array`: a file with the classes or values."),
        Choice("data.normalization", "unit for pictures, statistics for tables, none for others", "`unit` divides by 255, `symmetric` brings 0–255 to −1–1, `statistics` takes mean and deviation of each channel of the training part, `none` leaves values.", ["none", "unit", "symmetric", "statistics"]),
        Numbers("data.mean", "0", "Subtracted after scaling, one a channel or one for all.", new(-1e9, 1e9)),
        Numbers("data.std", "1", "Divided by after that.", new(0, 1e9, WithoutLeast: true)),
        Number("data.scale", "1", "What values are multiplied by first, where `mean` or `std` are given.", Positive),
        Texts("data.normal", "all", "For `autoencode`: trains with these classes only; all others are anomalies to be found."),
        new("data.augment", RecipeKind.Free, "none", "A list of augmentations, in the order in which they are applied; see below."),
        Number("data.validation", "0.1", "The share of the training samples that is kept back to validate with.", new(0, 0.9)),
        Integer("data.folds", "0", "Cross-validates: trains this many models, each judged on its own part of the training samples; 0 trains one.", new(0, 100)),
        Integer("data.limit", "0", "Takes only this many training samples; 0 takes all.", new(0, int.MaxValue)),
        Integer("data.workers", "the processors but one", "Threads that decode and augment.", new(1, 64)),

        Text("model.name", "required", "A name of the zoo, or the path of an `.onnx` file."),

        Choice("loss.name", "cross-entropy; mse for regress and autoencode; detection for detect; bce for gan", "The loss.", Loss.Names),
        Number("loss.labelSmoothing", "0", "What a label shares with all classes.", PartialShare, "cross-entropy"),
        Numbers("loss.classWeights", "1 each", "What a sample of each class counts.", new(0, 1e6), "cross-entropy", "focal"),
        Flag("loss.balanced", "false", "Weights classes by how rare they are: N / (classes · count).", "cross-entropy", "focal"),
        Number("loss.gamma", "2", "How little counts what is right already.", new(0, 20), "focal"),
        Numbers("loss.positiveWeights", "1 each", "What a 1 counts beside a 0, for each output.", new(0, 1e6), "bce"),
        Flag("loss.logits", "true", "Whether outputs are logits; false for probabilities.", "bce"),
        Choice("loss.box", "giou", "How boxes are judged: by generalised overlap, or by overlap and distance of the centres.", ["giou", "diou"], "detection"),
        Number("loss.boxWeight", "5", "What boxes count beside objects.", Positive, "detection"),
        Number("loss.labelWeight", "1", "What classes count beside objects.", Positive, "detection"),
        Number("loss.objectGamma", "0", "The exponent with which places that are right about objects count less (focal loss); 0 for none.", new(0, 20), "detection"),
        Number("loss.delta", "1", "Where the square becomes a straight line.", Positive, "huber"),

        Choice("optimizer.name", "adam", "The optimizer.", OptimizerOptions.Names),
        Number("optimizer.learningRate", "0.001; 0.05 for sgd", "The rate at full height.", new(0, 1000, WithoutLeast: true)),
        Number("optimizer.weightDecay", "0; 0.01 for adamw", "Pulls weights towards zero.", PartialShare),
        Flag("optimizer.decayBiasesAndNorms", "true", "Whether weight decay also pulls at parameters of one dimension."),
        Number("optimizer.momentum", "0.9 for sgd, 0 for rmsprop", "How much of the last move goes on.", PartialShare, "sgd", "rmsprop"),
        Flag("optimizer.nesterov", "true where there is momentum", "Looks one step ahead.", "sgd"),
        Number("optimizer.beta1", "0.9", "Decay of the mean of gradients.", PartialShare, "adam", "adamw"),
        Number("optimizer.beta2", "0.999", "Decay of the mean of squared gradients.", PartialShare, "adam", "adamw"),
        Number("optimizer.smoothing", "0.99", "Decay of the mean of squared gradients.", PartialShare, "rmsprop"),
        Number("optimizer.epsilon", "1e-8", "Keeps the division from exploding.", new(0, 1, WithoutLeast: true), "adam", "adamw", "rmsprop"),
        new("optimizer.groups", RecipeKind.Maps, "none", "Weights that learn slower or faster; the first group that fits counts."),
        Text("optimizer.groups[].match", "required", "Names of initializers, with `*` and `?`."),
        Number("optimizer.groups[].rate", "1", "Multiplies the learning rate.", new(0, 1000)),
        Number("optimizer.groups[].decay", "1", "Multiplies the weight decay.", new(0, 1000)),

        Choice("schedule.name", "cosine", "The schedule.", Schedule.Names),
        Number("schedule.warmup", "0", "Epochs over which the rate rises from 0.", new(0, 1000)),
        Integer("schedule.every", "10", "Epochs between two changes.", Count, "step"),
        Number("schedule.gamma", "0.1", "What the rate is multiplied by.", new(0, 1, WithoutLeast: true, WithoutMost: true), "step", "plateau"),
        Integer("schedule.patience", "3", "Epochs without a better loss that are waited for.", Count, "plateau"),
        Number("schedule.rise", "0.3", "The share of training in which the rate rises.", new(0, 1, true, true), "one-cycle"),
        Number("schedule.start", "0.04", "The share of the full rate at the start.", Share, "one-cycle"),
        Number("schedule.final", "0; 4e-6 for one-cycle, 1e-4 for plateau", "The share of the full rate at the end.", Share, "cosine", "one-cycle", "plateau"),

        Integer("training.epochs", "5", "How often every training sample is seen.", Count),
        Number("training.seconds", "no limit", "Stops after about this long, even if epochs are left; the schedule ends with it.", Positive),
        Integer("training.batch", "128", "Samples in a batch.", new(1, 1 << 20)),
        Integer("training.accumulate", "1", "Batches whose gradients make one step.", new(1, 10_000)),
        Number("training.clipNorm", "off", "The greatest length that all gradients together may have.", Positive),
        Number("training.clipValue", "off", "The greatest size of one element of a gradient.", Positive),
        Number("training.average", "off", "Decay of the moving average of the weights (EMA), which is then what is judged and kept; 0.999, say.", PartialShare),
        Number("training.multiScale", "0", "For `detect`: how far the size of batches differs from the model's at most, as a share either way, in multiples of 32.", new(0, 0.75)),
        Choice("training.precision", "float32", "What convolutions and matrix products compute in; weights and their gradients stay float32.", ["float32", "bf16", "fp16"]),
        Integer("training.patience", "off", "Stops early after this many epochs without a better validation loss, and keeps the best.", Count),
        Flag("training.keepBest", "false; true with patience", "Keeps the weights of the epoch with the least validation loss."),

        Texts("finetune.train", "all", "Trains only weights whose names fit one of these, with `*` and `?`."),
        Texts("finetune.freeze", "none", "Leaves weights as they are whose names fit one of these."),
        Flag("finetune.headOnly", "false", "Trains only the last layer."),
        Flag("finetune.replaceHead", "false; true where the number of classes differs", "Makes the last layer anew, for the classes of the data."),
        Flag("finetune.freezeBatchNorm", "false", "Leaves running statistics as they are, and normalises by them."),
        Number("finetune.bodyRate", "1", "Multiplies the learning rate of everything but the last layer.", new(0, 1000)),

        Text("distill.teacher", "none", "An `.onnx` file that takes the same input and gives logits of the same classes."),
        Number("distill.temperature", "4", "How soft the teacher's probabilities are made.", new(0, 1000, WithoutLeast: true)),
        Number("distill.weight", "0.5", "What the teacher counts beside the labels.", Share),

        Text("gan.discriminator", "required for gan", "A name of the zoo, or the path of an `.onnx` file: samples to one logit."),
        Number("gan.learningRate", "the optimizer's", "The discriminator's rate.", new(0, 1000, WithoutLeast: true)),
        Number("gan.smoothing", "0.1", "What is taken off the label of real samples.", new(0, 0.5)),
        Integer("gan.samples", "64", "Samples in the report.", new(1, 256)),

        Choice("goal.metric", "accuracy; mse for regress and autoencode; ap50 for detect", "What the result is measured by.", ["accuracy", "f1", "auc", "ap", "ap50", "mse", "mae", "loss"]),
        Number("goal.target", "none", "At least (for errors and losses: at most) this.", new(-1e9, 1e9)),
    ];

    private static readonly Dictionary<string, RecipeKey> ByPath = Keys.ToDictionary(key => key.Path, StringComparer.Ordinal);

    /// <summary>A key by its path, or null.</summary>
    /// <param name="path">Such as <c>optimizer.groups[].match</c>.</param>
    public static RecipeKey? Find(string path) => ByPath.GetValueOrDefault(path);

    /// <summary>Whether a section takes keys beyond those listed.</summary>
    /// <param name="section">The section's name.</param>
    public static bool IsOpen(string section) => section is "data" or "model" or "gan";

    private static RecipeKey Text(string path, string unless, string description) => new(path, RecipeKind.Text, unless, description);

    private static RecipeKey Texts(string path, string unless, string description) => new(path, RecipeKind.Texts, unless, description);

    private static RecipeKey Choice(string path, string unless, string description, IReadOnlyList<string> choices, params string[] of) =>
        new(path, RecipeKind.Choice, unless, description) { Choices = choices, Of = of };

    private static RecipeKey Flag(string path, string unless, string description, params string[] of) =>
        new(path, RecipeKind.Flag, unless, description) { Of = of };

    private static RecipeKey Integer(string path, string unless, string description, RecipeRange range, params string[] of) =>
        new(path, RecipeKind.Integer, unless, description) { Range = range, Of = of };

    private static RecipeKey Number(string path, string unless, string description, RecipeRange range, params string[] of) =>
        new(path, RecipeKind.Number, unless, description) { Range = range, Of = of };

    private static RecipeKey Numbers(string path, string unless, string description, RecipeRange range, params string[] of) =>
        new(path, RecipeKind.Numbers, unless, description) { Range = range, Of = of };
}
