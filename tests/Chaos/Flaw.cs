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

    /// <summary>The limit of devices in flight is not kept.</summary>
    NoFlightLimit,

    /// <summary>Maintenance windows are not kept.</summary>
    NoWindows,

    /// <summary>Worse health is not noticed.</summary>
    NoHealth,

    /// <summary>Reports that answer something older are believed.</summary>
    BelievesOldReports,

    /// <summary>One in eight changed devices is not stored.</summary>
    ForgetsRows,

    /// <summary>What was not published before a crash is not published after it.</summary>
    NoOutbox,

    /// <summary>The engine is not told of pins.</summary>
    IgnoresPins,

    /// <summary>The engine is not told of exclusions.</summary>
    IgnoresExclusions,

    /// <summary>One device is not sent back.</summary>
    LosesRestores,

    /// <summary>Signatures are taken as good.</summary>
    TrustsUnsigned,
}
