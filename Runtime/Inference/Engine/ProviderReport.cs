using System.Text;

namespace Edge.Inference;

/// <summary>Which providers a session uses, and why those before them were passed over.</summary>
/// <param name="Tried">Every provider asked for, in order, with its outcome. The CPU is behind them all.</param>
public sealed record ProviderReport(IReadOnlyList<ProviderStatus> Tried)
{
    /// <summary>The first provider that is used.</summary>
    public ExecutionProvider Active
    {
        get
        {
            foreach (ProviderStatus status in Tried)
            {
                if (status.IsUsable)
                {
                    return status.Provider;
                }
            }
            return ExecutionProvider.Cpu;
        }
    }

    /// <summary>One line: the active provider, then the reason of each fall-back.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Providers.Name(Active));
        foreach (ProviderStatus status in Tried)
        {
            if (!status.IsUsable)
            {
                text.Append("; not ").Append(status);
            }
        }
        return text.ToString();
    }
}
