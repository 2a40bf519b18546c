using System.Runtime.InteropServices;

namespace Edge.Torch;

/// <summary>
/// One reference to a native tensor (C order unless an operator made it otherwise). Whoever gets one disposes it;
/// a forgotten one is freed by the garbage collector, late.
/// </summary>
/// <remarks>Not for use by two threads at once. Members throw <see cref="ObjectDisposedException"/> after <see cref="Dispose"/>.</remarks>
public sealed unsafe class Tensor : IDisposable
{
    private const int MaxRank = 64;

    private readonly TensorHandle _handle;

    internal Tensor(nint handle) => _handle = new TensorHandle(handle);

    /// <summary>The size of each dimension; a new array every time.</summary>
    public long[] Shape
    {
        get
        {
            long* shape = stackalloc long[MaxRank];
            (int rank, _, _) = Describe(shape);
            return new ReadOnlySpan<long>(shape, rank).ToArray();
        }
    }

    /// <summary>How many dimensions there are; 0 for a scalar.</summary>
    public int Rank
    {
        get
        {
            long* shape = stackalloc long[MaxRank];
            return Describe(shape).Rank;
        }
    }

    /// <summary>How many elements there are.</summary>
    public long Length
    {
        get
        {
            long* shape = stackalloc long[MaxRank];
            int rank = Describe(shape).Rank;
            long length = 1;
            for (int i = 0; i < rank; i++)
            {
                length *= shape[i];
            }
            return length;
        }
    }

    /// <summary>The element type.</summary>
    public DataType Type
    {
        get
        {
            long* shape = stackalloc long[MaxRank];
            return Describe(shape).Type;
        }
    }

    /// <summary>Where the elements are.</summary>
    public Device Device
    {
        get
        {
            long* shape = stackalloc long[MaxRank];
            return Describe(shape).Device;
        }
    }

    /// <summary>Whether operators on it are recorded for gradients; can be set on tensors that no operator made.</summary>
    /// <exception cref="TorchException">Set on an integer tensor, or cleared on a result of recorded operators.</exception>
    public bool RequiresGrad
    {
        get
        {
            int value;
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.RequiresGrad(_handle, &value, error, TorchNative.ErrorSize), error);
            return value != 0;
        }
        set
        {
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.SetRequiresGrad(_handle, value ? 1 : 0, error, TorchNative.ErrorSize), error);
        }
    }

    internal nint Raw => _handle.IsClosed ? throw new ObjectDisposedException(nameof(Tensor)) : _handle.DangerousGetHandle();

    /// <summary>A tensor with a copy of the elements.</summary>
    /// <typeparam name="T">The element type; see <see cref="DataTypes.Of{T}"/>.</typeparam>
    /// <param name="data">The elements in C order.</param>
    /// <param name="shape">The dimensions; none makes a scalar.</param>
    /// <param name="device">Where to put it.</param>
    /// <exception cref="ArgumentException">The shape does not hold exactly the elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> shape, Device device = default) where T : unmanaged =>
        From(DataTypes.Of<T>(), MemoryMarshal.AsBytes(data), shape, device);

    /// <summary>A tensor with a copy of the elements, given as the machine's own bytes.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="data">The elements in C order.</param>
    /// <param name="shape">The dimensions; none makes a scalar.</param>
    /// <param name="device">Where to put it.</param>
    /// <exception cref="ArgumentException">The shape does not hold exactly the bytes.</exception>
    public static Tensor From(DataType type, ReadOnlySpan<byte> data, ReadOnlySpan<long> shape, Device device = default)
    {
        if (CheckedLength(shape) * type.Size() != data.Length)
        {
            throw new ArgumentException($"a tensor of shape [{string.Join(',', shape.ToArray())}] does not hold {data.Length} bytes of {type}", nameof(shape));
        }
        byte none = 0;
        fixed (byte* start = data)
        {
            return Create(data.IsEmpty ? &none : start, type, shape, device);
        }
    }

    /// <summary>A tensor of zeros.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The dimensions; none makes a scalar.</param>
    /// <param name="device">Where to put it.</param>
    /// <exception cref="ArgumentException">A dimension is negative or the product overflows.</exception>
    public static Tensor Zeros(DataType type, ReadOnlySpan<long> shape, Device device = default)
    {
        _ = CheckedLength(shape);
        return Create(null, type, shape, device);
    }

    /// <summary>Copies all elements, in C order, from wherever they are.</summary>
    /// <param name="destination">Exactly as many bytes as the tensor has.</param>
    /// <exception cref="ArgumentException">The size differs.</exception>
    public void CopyTo(Span<byte> destination)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (byte* start = destination)
        {
            TorchNative.Check(TorchNative.Read(_handle, start, destination.Length, error, TorchNative.ErrorSize), error);
        }
    }

    /// <summary>All elements, in C order.</summary>
    /// <typeparam name="T">The tensor's element type.</typeparam>
    /// <exception cref="ArgumentException">The type differs.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        CheckType<T>();
        var result = new T[Length];
        CopyTo(MemoryMarshal.AsBytes(result.AsSpan()));
        return result;
    }

    /// <summary>Replaces all elements; gradients do not see it.</summary>
    /// <param name="source">Exactly as many bytes as the tensor has, in C order.</param>
    /// <exception cref="ArgumentException">The size differs.</exception>
    public void CopyFrom(ReadOnlySpan<byte> source)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (byte* start = source)
        {
            TorchNative.Check(TorchNative.Write(_handle, start, source.Length, error, TorchNative.ErrorSize), error);
        }
    }

    /// <summary>The elements themselves, for a contiguous tensor in main memory; valid until it is disposed.</summary>
    /// <typeparam name="T">The tensor's element type.</typeparam>
    /// <exception cref="ArgumentException">The type differs, or the tensor is elsewhere, in another order, or over 2 GiB.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        CheckType<T>();
        return MemoryMarshal.Cast<byte, T>(AsBytes());
    }

    /// <summary>The bytes of the elements themselves, for a contiguous tensor in main memory; valid until it is disposed.</summary>
    /// <exception cref="ArgumentException">The tensor is elsewhere, in another order, or over 2 GiB.</exception>
    public Span<byte> AsBytes()
    {
        void* data;
        long bytes;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.Data(_handle, &data, &bytes, error, TorchNative.ErrorSize), error);
        return bytes <= int.MaxValue
            ? new Span<byte>(data, (int)bytes)
            : throw new ArgumentException($"a span cannot hold {bytes} bytes");
    }

    /// <summary>The one element of a float tensor, as a number.</summary>
    /// <exception cref="ArgumentException">There is not exactly one element, or it is not a float.</exception>
    public float Item()
    {
        CheckType<float>();
        float value;
        CopyTo(new Span<byte>(&value, sizeof(float)));
        return value;
    }

    /// <summary>Computes the gradients of this scalar for every tensor that requires them and adds them there.</summary>
    /// <param name="gradient">The gradient of whatever comes after, for a tensor that is not a scalar.</param>
    /// <exception cref="TorchException">It is not a scalar and no gradient is given, or nothing was recorded.</exception>
    public void Backward(Tensor? gradient = null)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.Backward(_handle, gradient?.Raw ?? 0, error, TorchNative.ErrorSize), error);
        GC.KeepAlive(gradient);
    }

    /// <summary>The same for a scalar on the CPU, and how long each node of the graph of gradients took.</summary>
    /// <param name="times">Gets a time for each node, as far as there is room.</param>
    /// <returns>How many there are; more than <paramref name="times"/> has room for where some were left out.</returns>
    /// <exception cref="TorchException">It is not a scalar, or nothing was recorded.</exception>
    public int Backward(Span<NodeTime> times)
    {
        int count;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (NodeTime* start = times)
        {
            TorchNative.Check(TorchNative.BackwardTimed(_handle, start, times.Length, &count, error, TorchNative.ErrorSize), error);
        }
        return count;
    }

    /// <summary>Makes <see cref="Backward(Tensor?)"/> leave a gradient here too, on a result of recorded operators.</summary>
    /// <exception cref="TorchException">No gradient flows here: nothing was recorded.</exception>
    public void RetainGradient()
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.RetainGradient(_handle, error, TorchNative.ErrorSize), error);
    }

    /// <summary>The gradient that <see cref="Backward(Tensor?)"/> left here, or null; the caller disposes it.</summary>
    public Tensor? Gradient()
    {
        nint result;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.Gradient(_handle, &result, error, TorchNative.ErrorSize), error);
        return result == 0 ? null : new Tensor(result);
    }

    /// <summary>The same elements, cut off from gradients.</summary>
    public Tensor Detach()
    {
        nint result;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.Detach(_handle, &result, error, TorchNative.ErrorSize), error);
        return new Tensor(result);
    }

    /// <summary>A second reference to the same tensor, gradients and all, with a life of its own.</summary>
    public Tensor Share()
    {
        nint result;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(TorchNative.Share(_handle, &result, error, TorchNative.ErrorSize), error);
        return new Tensor(result);
    }

    /// <summary>Gives the reference back.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>Type, shape and device, for messages.</summary>
    public override string ToString() => _handle.IsClosed ? "disposed tensor" : $"{Type}[{string.Join(',', Shape)}] on {Device}";

    private static Tensor Create(byte* data, DataType type, ReadOnlySpan<long> shape, Device device)
    {
        nint result;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (long* dims = shape)
        {
            TorchNative.Check(
                TorchNative.CreateTensor(data, type, dims, shape.Length, device.TypeCode, device.IndexCode, &result, error, TorchNative.ErrorSize), error);
        }
        return new Tensor(result);
    }

    private static long CheckedLength(ReadOnlySpan<long> shape)
    {
        long length = 1;
        foreach (long size in shape)
        {
            if (size < 0 || (size > 0 && length > long.MaxValue / 16 / size))
            {
                throw new ArgumentException($"[{string.Join(',', shape.ToArray())}] is no shape", nameof(shape));
            }
            length *= size;
        }
        return length;
    }

    private (int Rank, DataType Type, Device Device) Describe(long* shape)
    {
        int rank, deviceType, deviceIndex;
        DataType type;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        TorchNative.Check(
            TorchNative.Describe(_handle, shape, MaxRank, &rank, &type, &deviceType, &deviceIndex, error, TorchNative.ErrorSize), error);
        return (rank, type, deviceType == 0 ? Device.Cpu : Device.Cuda(Math.Max(deviceIndex, 0)));
    }

    private void CheckType<T>() where T : unmanaged
    {
        DataType type = Type;
        if (type != DataTypes.Of<T>())
        {
            throw new ArgumentException($"the tensor holds {type}, not {typeof(T).Name}");
        }
    }
}
