using Edge.Training;

namespace Edge.Cli.Training;

/// <summary>What is to be trained, with what.</summary>
internal sealed record TrainRequest
{
    /// <summary>A name of the zoo, or the path of an ONNX model.</summary>
    public required string Model { get; init; }

    /// <summary>A data set's name or folder.</summary>
    public required string Data { get; init; }

    /// <summary>Where the trained model goes.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Share of units that dropout silences, for models of the zoo.</summary>
    public float Dropout { get; init; }

    /// <summary>Goes on from the checkpoint, if there is one.</summary>
    public bool Resume { get; init; }

    public required TrainerOptions Options { get; init; }

    /// <summary>Where checkpoints stand beside a model.</summary>
    internal static string CheckpointPath(string output) => Path.ChangeExtension(output, ".checkpoint.onnx");
}
