namespace Edge.Quantizer;

/// <summary>The whole numbers that stand for activations.</summary>
public enum QuantizedType
{
    /// <summary>0 to 255.</summary>
    UInt8,

    /// <summary>−128 to 127.</summary>
    Int8,

    /// <summary>0 to 65,535; needs opset 21.</summary>
    UInt16,

    /// <summary>−32,768 to 32,767; needs opset 21.</summary>
    Int16,
}
