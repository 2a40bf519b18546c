namespace Edge.Training.Ops;

/// <summary>Where the windows of a pool lie over an input of a certain size.</summary>
/// <param name="Strides">Steps along each axis.</param>
/// <param name="Dilations">Distances between the elements of a window.</param>
/// <param name="DeclaredPads">The pads that the node states or implies: all begins, then all ends.</param>
/// <param name="Pads">The pads with which the windows fit exactly; at the ends they may be more, or less than none.</param>
/// <param name="RoundsUp">Whether a window that begins inside and ends outside counts.</param>
internal sealed record PoolWindow(long[] Strides, long[] Dilations, long[] DeclaredPads, long[] Pads, bool RoundsUp)
{
    public bool IsDilated => Array.Exists(Dilations, dilation => dilation != 1);

    /// <summary>What <see cref="Pads"/> has beyond <see cref="DeclaredPads"/>.</summary>
    public long[] BeyondDeclared
    {
        get
        {
            long[] beyond = new long[Pads.Length];
            for (int i = 0; i < beyond.Length; i++)
            {
                beyond[i] = Pads[i] - DeclaredPads[i];
            }
            return beyond;
        }
    }

    /// <summary>libtorch pads both ends alike, and by at most half a window.</summary>
    public bool FitsTorch(long[] kernel)
    {
        bool fits = Window.IsSymmetric(DeclaredPads);
        for (int i = 0; i < kernel.Length; i++)
        {
            fits &= DeclaredPads[i] <= kernel[i] / 2;
        }
        return fits;
    }
}
