namespace Edge.Torch;

/// <summary>
/// While it lives, operators on this thread record nothing for gradients: <c>using var scope = NoGrad.Enter();</c>.
/// Scopes nest and end on the thread they began on.
/// </summary>
public unsafe ref struct NoGrad
{
    private bool _entered;
    private int _previous;

    /// <summary>Begins a scope.</summary>
    public static NoGrad Enter() => new() { _previous = Set(0), _entered = true };

    /// <summary>Ends the scope; gradients are recorded again if they were before.</summary>
    public void Dispose()
    {
        if (_entered)
        {
            _entered = false;
            _ = Set(_previous);
        }
    }

    private static int Set(int enabled)
    {
        int previous;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.SetGradMode(enabled, &previous, error, TorchNative.ErrorSize), error);
        return previous;
    }
}
