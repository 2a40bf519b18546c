using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Edge.Torch;

/// <summary>
/// Any operator of libtorch, by its name. Arguments come in the order of the operator's schema; those left out at the end
/// take the schema's defaults. Gradients are recorded as usual.
/// </summary>
/// <example><code>
/// private static readonly Operator Linear = new("aten::linear");
/// using Tensor y = Linear.Call(x, weight, bias);
/// </code></example>
public sealed unsafe class Operator
{
    private const int MaxResults = 16;
    private const int StackLimit = 256;

    private nint _native;

    /// <summary>Names an operator; it is looked up at the first call.</summary>
    /// <param name="name">The full name, such as <c>aten::add</c>.</param>
    /// <param name="overload">The overload, such as <c>Tensor</c>; empty for the unnamed one.</param>
    public Operator(string name, string overload = "")
    {
        Name = name;
        Overload = overload;
    }

    /// <summary>The full name, such as <c>aten::add</c>.</summary>
    public string Name { get; }

    /// <summary>The overload, such as <c>Tensor</c>; empty for the unnamed one.</summary>
    public string Overload { get; }

    /// <summary>The schema: arguments with types and defaults, results.</summary>
    /// <exception cref="ArgumentException">libtorch has no such operator.</exception>
    public string Schema
    {
        get
        {
            const int Size = 4096;
            byte* text = stackalloc byte[Size];
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.Schema(Resolve(), text, Size, error, TorchNative.ErrorSize), error);
            return Marshal.PtrToStringUTF8((nint)text)!;
        }
    }

    /// <summary>Calls it and gives its first result.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The first result; the caller disposes it. Further results are given back at once.</returns>
    /// <exception cref="ArgumentException">There is no such operator, or an argument does not fit its schema.</exception>
    /// <exception cref="TorchException">The operator refused its arguments, or its first result is not a tensor.</exception>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        int count = Invoke(arguments, results, MaxResults);
        Free(results, 1, count);
        return count > 0 && results[0].Tag == ValueTag.Tensor
            ? new Tensor((nint)results[0].Bits)
            : throw new TorchException($"{Name} returns no tensor");
    }

    /// <summary>Calls it for what it does to its arguments; results are given back at once.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="ArgumentException">There is no such operator, or an argument does not fit its schema.</exception>
    /// <exception cref="TorchException">The operator refused its arguments.</exception>
    public void Run(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        Free(results, 0, Invoke(arguments, results, MaxResults));
    }

    /// <summary>Calls it for all of its results; lists of tensors are laid out one after the other.</summary>
    /// <param name="capacity">At least how many results there will be.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The results, null for one that is undefined; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">There is no such operator, an argument does not fit its schema, or the capacity is too small.</exception>
    /// <exception cref="TorchException">The operator refused its arguments, or a result is not a tensor.</exception>
    public Tensor?[] CallAll(int capacity, params ReadOnlySpan<Argument> arguments)
    {
        var results = new NativeValue[capacity];
        fixed (NativeValue* start = results)
        {
            int count = Invoke(arguments, start, capacity);
            var tensors = new Tensor?[count];
            for (int i = 0; i < count; i++)
            {
                tensors[i] = results[i].Tag switch
                {
                    ValueTag.Tensor => new Tensor((nint)results[i].Bits),
                    ValueTag.None => null,
                    _ => throw new TorchException($"result {i} of {Name} is no tensor"),
                };
            }
            return tensors;
        }
    }

    /// <summary>Calls it for the number (or truth: 0 or 1) that it returns first.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="ArgumentException">There is no such operator, or an argument does not fit its schema.</exception>
    /// <exception cref="TorchException">The operator refused its arguments, or returns no number.</exception>
    public double CallNumber(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        int count = Invoke(arguments, results, MaxResults);
        Free(results, 0, count);
        return count == 0 ? throw new TorchException($"{Name} returns nothing") : results[0].Tag switch
        {
            ValueTag.Int or ValueTag.Bool => results[0].Bits,
            ValueTag.Double => BitConverter.Int64BitsToDouble(results[0].Bits),
            _ => throw new TorchException($"{Name} returns no number"),
        };
    }

    /// <summary>The full name with the overload.</summary>
    public override string ToString() => Overload.Length == 0 ? Name : $"{Name}.{Overload}";

    private static void Free(NativeValue* results, int from, int count)
    {
        for (int i = from; i < count; i++)
        {
            if (results[i].Tag == ValueTag.Tensor)
            {
                _ = TorchNative.FreeTensor((nint)results[i].Bits);
            }
        }
    }

    private nint Resolve()
    {
        if (_native == 0)
        {
            nint found;
            byte* error = stackalloc byte[TorchNative.ErrorSize];
            TorchNative.Check(TorchNative.FindOperator(Name, Overload, &found, error, TorchNative.ErrorSize), error);
            _native = found;
        }
        return _native;
    }

    private int Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        nint native = Resolve();
        int words = 0;
        foreach (ref readonly Argument argument in arguments)
        {
            words += ListWords(argument);
        }
        long[]? rented = words > StackLimit ? ArrayPool<long>.Shared.Rent(words) : null;
        long* onStack = stackalloc long[rented is null ? words : 0];
        try
        {
            fixed (long* onHeap = rented)
            {
                return Invoke(native, arguments, rented is null ? onStack : onHeap, results, capacity);
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<long>.Shared.Return(rented);
            }
        }
    }

    private static int Invoke(nint native, ReadOnlySpan<Argument> arguments, long* lists, NativeValue* results, int capacity)
    {
        NativeValue* values = stackalloc NativeValue[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            values[i] = Lower(arguments[i], ref lists);
        }
        int count;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        int status = TorchNative.Call(native, values, arguments.Length, results, capacity, &count, error, TorchNative.ErrorSize);
        foreach (ref readonly Argument argument in arguments)
        {
            GC.KeepAlive(argument.Reference);
        }
        TorchNative.Check(status, error);
        return count;
    }

    private static int ListWords(in Argument argument) => argument.Reference switch
    {
        long[] integers => integers.Length,
        double[] reals => reals.Length,
        Tensor?[] tensors => tensors.Length,
        string text => (Encoding.UTF8.GetByteCount(text) + sizeof(long) - 1) / sizeof(long),
        _ => 0,
    };

    /// <summary>Writes one argument as the shim wants it; lists go to <paramref name="lists"/>, which moves on.</summary>
    private static NativeValue Lower(in Argument argument, ref long* lists)
    {
        var value = new NativeValue { Tag = argument.Tag, Bits = argument.Bits };
        long* start = lists;
        switch (argument.Reference)
        {
            case Tensor tensor:
                value.Bits = tensor.Raw;
                return value;
            case long[] integers:
                integers.CopyTo(new Span<long>(start, integers.Length));
                value.Count = integers.Length;
                break;
            case double[] reals:
                reals.CopyTo(new Span<double>(start, reals.Length));
                value.Count = reals.Length;
                break;
            case Tensor?[] tensors:
                for (int i = 0; i < tensors.Length; i++)
                {
                    start[i] = tensors[i]?.Raw ?? 0;
                }
                value.Count = tensors.Length;
                break;
            case string text:
                value.Count = Encoding.UTF8.GetBytes(text, new Span<byte>(start, Encoding.UTF8.GetByteCount(text)));
                break;
            default:
                return value;
        }
        value.Bits = (nint)start;
        lists += ListWords(argument);
        return value;
    }
}
