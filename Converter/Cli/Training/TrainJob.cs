using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>A recipe to be trained, and where the result goes.</summary>
/// <param name="Recipe">What to train, with what, and how.</param>
/// <param name="OutputPath">Where the trained model goes; checkpoints stand beside it meanwhile.</param>
internal sealed record TrainJob(Recipe Recipe, string OutputPath)
{
    /// <summary>Goes on from the checkpoint, if there is one.</summary>
    internal bool Resumes { get; init; }

    /// <summary>Whether the time of each operator is measured.</summary>
    internal bool Profiles { get; init; }

    /// <summary>Whether progress is kept to itself.</summary>
    internal bool IsQuiet { get; init; }

    /// <summary>Where checkpoints stand beside the model.</summary>
    internal string CheckpointPath => Path.ChangeExtension(OutputPath, ".checkpoint.onnx");
}
