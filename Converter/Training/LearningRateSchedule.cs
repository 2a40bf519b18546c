namespace Edge.Training;

/// <summary>How the learning rate goes down.</summary>
public enum LearningRateSchedule
{
    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>Along half a cosine, from full height to 0 at the end (Loshchilov and Hutter 2017).</summary>
    Cosine,
}
