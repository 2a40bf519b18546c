namespace Edge.Chaos;

/// <summary>A server that is broken on purpose: the invariants must notice every one.</summary>
public enum Flaw
{
    /// <summary>The server as it is.</summary>
    None,

    /// <summary>Waves are opened one device too wide.</summary>
    WiderWaves,

    /// <summary>The gate does not look at how many succeeded.</summary>
    NoSuccessGate,

    /// <summary>The gate does not wait.</summary>
    NoSoak,

    /// <summary>Failures abort nothing.</summary>
    NoAbort,

    /// <summary>Maintenance windows are not kept.</summary>
    NoWindows,

    /// <summary>Worse health is not noticed.</summary>
    NoHealth,

    /// <summary>Failures are not told to the engine as such.</summary>
    HidesFailures,

    /// <summary>Every report is taken for one of the newest attempt.</summary>
    BelievesOldReports,

    /// <summary>One in eight changed devices is not stored.</summary>
    ForgetsRows,

    /// <summary>What was not published before a crash is not published after it.</summary>
    NoOutbox,

    /// <summary>The engine is not told that a device was pinned, excluded or left the group.</summary>
    IgnoresLeaving,

    /// <summary>One device in an abort is not sent back.</summary>
    LosesReturns,
}
