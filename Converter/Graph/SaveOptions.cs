namespace Edge.Graph;

/// <summary>How a model is written to disk.</summary>
public sealed record SaveOptions
{
    /// <summary>
    /// Models whose tensors take that many bytes or more keep them in a file beside the model, <c>model.onnx.0123456789abcdef.data</c>;
    /// by default those of about 2 GB, which one ONNX file cannot hold. 0 moves the tensors of any model.
    /// </summary>
    /// <remarks>Initializers of under 1 KB, strings and the tensors of attributes stay in the model.</remarks>
    public long ExternalDataThreshold { get; init; } = Serialization.ModelWriter.MaximumTensorBytes;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative, or more than one file can hold.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ExternalDataThreshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ExternalDataThreshold, Serialization.ModelWriter.MaximumTensorBytes);
    }
}
