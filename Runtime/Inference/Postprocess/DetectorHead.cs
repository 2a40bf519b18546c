namespace Edge.Inference;

/// <summary>
/// Reads the boxes of one family of detectors. Runs of a head allocate nothing and do bounded work whatever the outputs hold.
/// </summary>
internal abstract class DetectorHead
{
    /// <summary>How many classes the model tells apart.</summary>
    internal abstract int Classes { get; }

    /// <summary>How many landmarks a box has.</summary>
    internal virtual int Landmarks => 0;

    /// <summary>The overlap above which the family drops the less sure box, where the manifest does not say.</summary>
    internal virtual float DefaultIouThreshold => 0.45f;

    /// <summary>Adds every box that reaches the threshold, in pixels of the model's input.</summary>
    /// <param name="session">The outputs, as the engine left them.</param>
    /// <param name="threshold">The least score, 0 to 1; compared before any exponential is computed.</param>
    /// <param name="candidates">Gets the boxes.</param>
    internal abstract void Decode(ModelSession session, float threshold, CandidateList candidates);

    /// <summary>Reads a box's landmarks, in pixels of the model's input.</summary>
    /// <param name="session">The outputs, as the engine left them.</param>
    /// <param name="anchor">The candidate's <see cref="Candidate.Anchor"/>.</param>
    /// <param name="landmarks">Gets them; as long as there are <see cref="Landmarks"/>.</param>
    internal virtual void ReadLandmarks(ModelSession session, int anchor, Span<Landmark> landmarks)
    {
    }
}
