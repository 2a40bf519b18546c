namespace Edge.Torch;

/// <summary>
/// While it lives, convolutions and matrix products on this thread compute in a half type, which libtorch chooses operator by
/// operator; weights stay as they are, and gradients come in the weights' own type: <c>using var scope = Autocast.Enter(…);</c>.
/// </summary>
public unsafe ref struct Autocast
{
    private bool _entered;
    private int _device;

    /// <summary>Begins a scope; scopes do not nest.</summary>
    /// <param name="device">Where the operators run.</param>
    /// <param name="type">The half type; null for a scope that changes nothing.</param>
    public static Autocast Enter(Device device, DataType? type)
    {
        if (type is { } half)
        {
            Set(device.TypeCode, (int)half);
        }
        return new Autocast { _device = device.TypeCode, _entered = type is not null };
    }

    /// <summary>Ends the scope.</summary>
    public void Dispose()
    {
        if (_entered)
        {
            _entered = false;
            Set(_device, -1);
        }
    }

    private static void Set(int device, int type)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.SetAutocast(device, type, error, TorchNative.ErrorSize), error);
    }
}
