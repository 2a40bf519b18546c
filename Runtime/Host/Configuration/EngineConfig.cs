namespace Edge.Runtime.Configuration;

/// <summary>How the engine works; the defaults suit nearly everybody.</summary>
internal sealed record EngineConfig
{
    /// <summary>Whether memory is kept between runs.</summary>
    public bool Arena { get; set; } = true;

    /// <summary>Whether the memory of a run is planned as one block.</summary>
    public bool MemoryPattern { get; set; } = true;

    /// <summary>Whether the engine's threads spin while they wait.</summary>
    public bool Spinning { get; set; } = true;

    /// <summary>The most frames of pipelines of one package that become one run, where the model allows it and a trial shows that it is faster; 1 for none.</summary>
    public int Batch { get; set; } = 1;

    /// <summary>How long the first frame of a batch waits for others.</summary>
    public double BatchWaitMilliseconds { get; set; } = 2;
}
