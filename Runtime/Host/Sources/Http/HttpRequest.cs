namespace Edge.Runtime.Sources.Http;

/// <summary>What is asked of a server.</summary>
internal sealed record HttpRequest
{
    public required Uri Url { get; init; }

    /// <summary>The value of the Authorization header, or null. Sent to the host of <see cref="Url"/> only.</summary>
    public string? Authorization { get; init; }

    /// <summary>Certificate authorities to trust (PEM); null for those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>What is posted as JSON; null gets.</summary>
    public ReadOnlyMemory<byte>? Json { get; init; }

    /// <summary>The longest time from the first packet to the end of the header.</summary>
    public TimeSpan HeaderPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest silence afterwards.</summary>
    public TimeSpan SilencePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The address for messages: without a query, which may hold secrets.</summary>
    internal string Label => Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
