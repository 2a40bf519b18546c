namespace Edge.Runtime.Sinks;

/// <summary>What a pipeline hands to its sinks.</summary>
internal enum MessageKind
{
    /// <summary>A frame's result, JSON.</summary>
    Result,

    /// <summary>Something that happened to an object, JSON.</summary>
    Event,

    /// <summary>A JPEG file.</summary>
    Snapshot,
}
