using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// A recurrent layer as libtorch runs it; only the order of the gates differs, and sequences of several lengths are packed. An LSTM
/// over sequences of one length in float32 on the CPU takes the shim's own operator, which libtorch's own is slower than.
/// </summary>
internal sealed class FusedRecurrent(CellKind kind, long hidden, int directions, bool reverse, string activation)
{
    private static readonly Operator Pack = new("aten::_pack_padded_sequence");
    private static readonly Operator Unpack = new("aten::_pad_packed_sequence");

    private static readonly Operator OwnLstm = new("edge::lstm");
    private static readonly Operator LstmInput = new("aten::lstm", "input");
    private static readonly Operator LstmData = new("aten::lstm", "data");
    private static readonly Operator GruInput = new("aten::gru", "input");
    private static readonly Operator GruData = new("aten::gru", "data");
    private static readonly Operator TanhInput = new("aten::rnn_tanh", "input");
    private static readonly Operator TanhData = new("aten::rnn_tanh", "data");
    private static readonly Operator ReluInput = new("aten::rnn_relu", "input");
    private static readonly Operator ReluData = new("aten::rnn_relu", "data");

    public (Tensor Y, Tensor Hidden, Tensor? Cell) Run(KernelFrame frame, Tensor x, Tensor state, Tensor? cell, long[]? lengths)
    {
        long[] shape = x.Shape;
        (long times, long batch) = (shape[0], shape[1]);
        bool isBoth = directions == 2;
        if (kind == CellKind.Lstm && lengths is null && times > 0 && frame.Device.IsCpu && x.Type == DataType.Float32)
        {
            return Own(frame, x, state, cell!);
        }
        bool hasBiases = frame.OptionalInput(3) is not null;
        Tensor[] weights = Weights(frame, hasBiases);
        Tensor?[] results;
        Tensor y;
        if (lengths is null)
        {
            Tensor input = reverse ? frame.Flip(x, 0) : x;
            results = kind == CellKind.Lstm
                ? LstmInput.CallAll(3, input, (Tensor[])[state, cell!], weights, hasBiases, 1, 0.0, false, isBoth, false)
                : Single(isPacked: false).CallAll(2, input, state, weights, hasBiases, 1, 0.0, false, isBoth, false);
            foreach (Tensor? result in results)
            {
                frame.Hold(result!);
            }
            y = results[0]!;
            y = reverse ? frame.Flip(y, 0) : y;
        }
        else
        {
            // libtorch packs sequences from the longest to the shortest.
            int[] order = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(i => lengths[i])];
            Tensor sorted = frame.Integers(Array.ConvertAll(order, i => (long)i));
            long[] back = new long[order.Length];
            for (int i = 0; i < order.Length; i++)
            {
                back[order[i]] = i;
            }
            Tensor unsorted = frame.Integers(back);
            Tensor ends = frame.Hold(Tensor.From<long>(Array.ConvertAll(order, i => lengths[i]), [order.Length]));
            Tensor?[] packed = Pack.CallAll(2, frame.IndexSelect(x, 1, sorted), ends, false);
            Tensor data = frame.Hold(packed[0]!);
            Tensor sizes = frame.Hold(packed[1]!);
            Tensor first = frame.IndexSelect(state, 1, sorted);
            results = kind == CellKind.Lstm
                ? LstmData.CallAll(3, data, sizes, (Tensor[])[first, frame.IndexSelect(cell!, 1, sorted)], weights, hasBiases, 1, 0.0, false, isBoth)
                : Single(isPacked: true).CallAll(2, data, sizes, first, weights, hasBiases, 1, 0.0, false, isBoth);
            Tensor?[] padded = Unpack.CallAll(2, frame.Hold(results[0]!), sizes, false, 0.0, times);
            frame.Hold(padded[1]!);
            y = frame.IndexSelect(frame.Hold(padded[0]!), 1, unsorted);
            for (int i = 1; i < results.Length; i++)
            {
                results[i] = frame.IndexSelect(frame.Hold(results[i]!), 1, unsorted);
            }
        }
        y = frame.Permute(frame.Reshape(y, times, batch, directions, hidden), 0, 2, 1, 3);
        return (y, results[1]!, kind == CellKind.Lstm ? results[2] : null);
    }

    private (Tensor Y, Tensor Hidden, Tensor? Cell) Own(KernelFrame frame, Tensor x, Tensor state, Tensor cell)
    {
        var all = new Tensor[directions];
        var lastHidden = new Tensor[directions];
        var lastCell = new Tensor[directions];
        for (int i = 0; i < directions; i++)
        {
            bool backward = reverse || i == 1;
            Tensor?[] results = OwnLstm.CallAll(
                3, backward ? frame.Flip(x, 0) : x, Part(state), Part(cell), Part(frame.Input(1)), Part(frame.Input(2)),
                frame.OptionalInput(3) is { } biases ? Part(biases) : Argument.None);
            Tensor y = frame.Hold(results[0]!);
            all[i] = frame.Unsqueeze(backward ? frame.Flip(y, 0) : y, 1);
            lastHidden[i] = frame.Unsqueeze(frame.Hold(results[1]!), 0);
            lastCell[i] = frame.Unsqueeze(frame.Hold(results[2]!), 0);

            // The only direction's part is a view, whose gradient is no copy.
            Tensor Part(Tensor tensor) => directions == 1 ? frame.Reshape(tensor, tensor.Shape[1..]) : frame.Select(tensor, 0, i);
        }
        return directions == 1
            ? (all[0], lastHidden[0], lastCell[0])
            : (frame.Concatenate(1, all), frame.Concatenate(0, lastHidden), frame.Concatenate(0, lastCell));
    }

    private Operator Single(bool isPacked) => (kind, activation, isPacked) switch
    {
        (CellKind.Gru, _, false) => GruInput,
        (CellKind.Gru, _, true) => GruData,
        (_, "Relu", false) => ReluInput,
        (_, "Relu", true) => ReluData,
        (_, _, false) => TanhInput,
        _ => TanhData,
    };

    /// <summary>Input weights, recurrent weights and both biases of each direction, with the gates in libtorch's order.</summary>
    private Tensor[] Weights(KernelFrame frame, bool hasBiases)
    {
        var list = new List<Tensor>();
        for (int i = 0; i < directions; i++)
        {
            list.Add(Reorder(frame, frame.Select(frame.Input(1), 0, i)));
            list.Add(Reorder(frame, frame.Select(frame.Input(2), 0, i)));
            if (hasBiases)
            {
                Tensor both = frame.Select(frame.Input(3), 0, i);
                long half = both.Shape[0] / 2;
                list.Add(Reorder(frame, frame.Slice(both, 0, 0, half)));
                list.Add(Reorder(frame, frame.Slice(both, 0, half, 2 * half)));
            }
        }
        return [.. list];
    }

    /// <summary>ONNX: input, output, forget, cell and update, reset, new. libtorch: input, forget, cell, output and reset, update, new.</summary>
    private Tensor Reorder(KernelFrame frame, Tensor gates)
    {
        return kind switch
        {
            CellKind.Lstm => frame.Concatenate(0, Gate(0), Gate(2), Gate(3), Gate(1)),
            CellKind.Gru => frame.Concatenate(0, Gate(1), Gate(0), Gate(2)),
            _ => gates,
        };

        Tensor Gate(int index) => frame.Slice(gates, 0, index * hidden, (index + 1) * hidden);
    }
}
