namespace Edge.PowerCut;

/// <summary>What a power cut leaves of the writes that came after the last flush.</summary>
internal enum Cut
{
    /// <summary>All of them.</summary>
    KeepsAll,

    /// <summary>The newest alone: it overtook the others.</summary>
    KeepsNewest,

    /// <summary>All but the oldest.</summary>
    LosesOldest,

    /// <summary>Pages of 4 KiB of them by chance: a long write may be torn.</summary>
    KeepsSome,
}
