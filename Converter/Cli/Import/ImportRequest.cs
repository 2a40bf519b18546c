using Edge.Graph;
using Edge.Graph.Passes;
using Edge.Packages;

namespace Edge.Cli.Import;

/// <summary>What an import is to do.</summary>
internal sealed record ImportRequest
{
    public required string Source { get; init; }

    public required string Target { get; init; }

    /// <summary>Sizes for inputs.</summary>
    public IReadOnlyDictionary<string, TensorShape>? Inputs { get; init; }

    /// <summary>The input that the changes on request are about; null takes the one that looks like a picture.</summary>
    public string? Picture { get; init; }

    /// <summary>Take an [N,H,W,C] input as [N,C,H,W].</summary>
    public bool Nchw { get; init; }

    /// <summary>Fold the normalisation of the input into the first layer: one that the graph begins with, and <see cref="Normalization"/>.</summary>
    public bool Normalize { get; init; }

    /// <summary>What callers do to pixels, which the model is to take over; null for nothing.</summary>
    public InputNormalization? Normalization { get; init; }

    public bool UInt8 { get; init; }

    /// <summary>What float16 is for; null for nothing.</summary>
    public Float16Use? Float16 { get; init; }

    /// <summary>Inputs and outputs become float16 too, where the model computes in it.</summary>
    public bool Float16Ports { get; init; }

    /// <summary>Files and folders of real inputs for the proof.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];

    /// <summary>The order of colours that the model takes of sample pictures; null for the card's, or RGB.</summary>
    public ColorOrder? Color { get; init; }

    /// <summary>Values for inputs that no sample is given for.</summary>
    public IReadOnlyDictionary<string, double>? Fill { get; init; }

    /// <summary>The opset to reach; null asks for 17 where that can be reached.</summary>
    public int? Opset { get; init; }

    /// <summary>Prove the result in ONNX Runtime?</summary>
    public bool Prove { get; init; } = true;

    public int Threads { get; init; }
}
