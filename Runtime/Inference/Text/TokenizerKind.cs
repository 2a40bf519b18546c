namespace Edge.Inference.Text;

/// <summary>What a text is cut into.</summary>
public enum TokenizerKind
{
    /// <summary>Runs of letters, digits and marks, an apostrophe or hyphen between two letters included; every other sign alone; spaces vanish.</summary>
    Words,

    /// <summary>Unicode code points.</summary>
    Characters,

    /// <summary>UTF-8 bytes, the most frequent pairs merged again and again (Sennrich and others 2016): no text is unknown.</summary>
    BytePairs,
}
