namespace Edge.Runtime.Configuration;

/// <summary>Which objects count. Of several filters one must admit an object; where there is none, every object counts.</summary>
internal sealed record FilterConfig
{
    /// <summary>Class names from the package's labels, or numbers where it has none; empty for all.</summary>
    public IReadOnlyList<string> Classes { get; set; } = [];

    public double MinScore { get; set; }

    /// <summary>The least area of the box as a share of the picture's.</summary>
    public double MinArea { get; set; }

    /// <summary>The largest area of the box as a share of the picture's.</summary>
    public double MaxArea { get; set; } = 1;
}
