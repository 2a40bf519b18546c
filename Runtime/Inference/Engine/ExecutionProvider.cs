namespace Edge.Inference;

/// <summary>Who computes a model.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA where it works, otherwise the CPU. TensorRT is not in it: it compiles a model for minutes at first.</summary>
    Auto,

    /// <summary>NVIDIA TensorRT.</summary>
    TensorRt,

    /// <summary>NVIDIA CUDA.</summary>
    Cuda,

    /// <summary>XNNPACK, float kernels for CPUs.</summary>
    XnnPack,

    /// <summary>Arm Compute Library.</summary>
    Acl,

    /// <summary>The engine's own CPU kernels, which run everything.</summary>
    Cpu,
}
