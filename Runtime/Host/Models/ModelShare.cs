using Edge.Inference;

namespace Edge.Runtime.Models;

/// <summary>A pipeline's share of a model that others may use as well.</summary>
/// <param name="model">The model.</param>
/// <param name="giveBack">Called once, when the share is disposed.</param>
internal sealed class ModelShare(PackageModel model, Action giveBack) : IDisposable
{
    private int _disposed;

    internal PackageModel Model { get; } = model;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            giveBack();
        }
    }
}
