namespace Edge.Quantizer.Observers;

/// <summary>Watches the values of one tensor go by, in bounded memory, and says which range to quantize.</summary>
public interface IRangeObserver
{
    /// <summary>Takes in the values of one batch.</summary>
    /// <param name="values">Finite values; NaN and infinities are the caller's to refuse.</param>
    void Observe(ReadOnlySpan<float> values);

    /// <summary>The range found so far.</summary>
    /// <exception cref="InvalidOperationException">Nothing was observed.</exception>
    TensorRange Range { get; }
}
