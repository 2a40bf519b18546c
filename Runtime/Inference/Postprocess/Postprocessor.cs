using Edge.Imaging;

namespace Edge.Inference;

/// <summary>Makes a result of a model's outputs. Allocates nothing after construction. One thread at a time.</summary>
internal abstract class Postprocessor
{
    /// <summary>Results below this probability are not reported.</summary>
    internal float Threshold { get; set; }

    /// <summary>Fills the result.</summary>
    /// <param name="session">The outputs, as the engine left them.</param>
    /// <param name="placement">Where the image lies in the model's input.</param>
    /// <param name="result">Gets classes or detections; knows the image's size already.</param>
    internal abstract void Run(ModelSession session, in Placement placement, VisionResult result);
}
