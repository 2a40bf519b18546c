using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Quantizer;
using Edge.Quantizer.Schemes;

namespace Edge.Cli.Quantization;

/// <summary>What <c>edge quantize</c> is asked to do.</summary>
internal sealed record QuantizeRequest
{
    /// <summary>The float model.</summary>
    public required JudgedModel Model { get; init; }

    /// <summary>What it expects and gives; null where nobody knows.</summary>
    public required ModelCard? Card { get; init; }

    /// <summary>What to calibrate with.</summary>
    public required CalibrationSource Calibration { get; init; }

    /// <summary>What judges the result.</summary>
    public required ModelJudge Judge { get; init; }

    /// <summary>How to quantize.</summary>
    public required QuantizationOptions Options { get; init; }

    /// <summary>Whether the calibration method is chosen by trying.</summary>
    public bool ChoosesMethod { get; init; }

    /// <summary>What is repaired before rounding.</summary>
    public IReadOnlyList<string> Repairs { get; init; } = [];

    /// <summary>How much of the metric may be lost; null for any.</summary>
    public double? MaxDrop { get; init; }

    /// <summary>Whether layers that are not faster on this machine stay float.</summary>
    public bool Speed { get; init; }

    /// <summary>What becomes of the model.</summary>
    public QuantizationScheme Scheme { get; init; }

    /// <summary>Weights with one scale, for weights in blocks.</summary>
    public int BlockSize { get; init; } = 32;

    /// <summary>Epochs of training with roundings in place; 0 for none.</summary>
    public int QatEpochs { get; init; }

    /// <summary>Whether the model takes its picture as it is computed with: 8-bit elements instead of float.</summary>
    public bool FoldsInput { get; init; }

    /// <summary>A node that is looked at; null for none.</summary>
    public string? Explain { get; init; }

    /// <summary>Where statistics of the calibration are kept; null for nowhere.</summary>
    public string? Cache { get; init; }

    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    public int Threads { get; init; }
}
