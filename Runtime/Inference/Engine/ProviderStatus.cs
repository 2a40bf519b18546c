namespace Edge.Inference;

/// <summary>Whether a provider can be used, and if not, why.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="IsUsable">True if the engine accepted it.</param>
/// <param name="Reason">One line on why not; empty where usable.</param>
public sealed record ProviderStatus(ExecutionProvider Provider, bool IsUsable, string Reason = "")
{
    /// <summary>The provider's name and, where it cannot be used, the reason.</summary>
    public override string ToString() => IsUsable ? Providers.Name(Provider) : $"{Providers.Name(Provider)}: {Reason}";
}
