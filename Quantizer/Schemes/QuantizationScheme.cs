namespace Edge.Quantizer.Schemes;

/// <summary>What becomes of a model.</summary>
public enum QuantizationScheme
{
    /// <summary>Weights and activations on whole numbers, scales fixed by calibration (QDQ).</summary>
    Static,

    /// <summary>Weights int8; activations rounded by what each run shows. Recurrent layers and products of matrices.</summary>
    Dynamic,

    /// <summary>Weights int8 in blocks, everything computed in float.</summary>
    Int8Weights,

    /// <summary>Weights int4 in blocks, everything computed in float.</summary>
    Int4Weights,

    /// <summary>Everything in float16.</summary>
    Float16,

    /// <summary>Weights stored as bfloat16, computed in float32.</summary>
    BFloat16,
}
