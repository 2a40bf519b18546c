using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// LSTM, GRU and RNN: X [T,N,I] (or [N,T,I] with layout 1), weights for one or two directions, Y [T,D,N,H]. What libtorch's own
/// layers can do runs there; peepholes, clipping, other activations and backward-only sequences of several lengths run step by step.
/// </summary>
internal sealed class Recurrent
{
    private readonly CellKind _kind;
    private readonly long _hidden;
    private readonly string _direction;
    private readonly bool _batchFirst;
    private readonly bool _isPlain;
    private readonly RecurrentCell[] _cells;

    private Recurrent(NodeContext node, CellKind kind)
    {
        _kind = kind;
        _hidden = node.Attributes.Contains("hidden_size") ? node.Attributes.GetInt("hidden_size", 0) : throw node.Unsupported("the attribute hidden_size is missing");
        _direction = node.Attributes.GetString("direction", "forward");
        _batchFirst = node.Attributes.GetInt("layout", 0) != 0;
        int directions = _direction switch
        {
            "forward" or "reverse" => 1,
            "bidirectional" => 2,
            _ => throw node.Unsupported($"direction '{_direction}' is not one of forward, reverse, bidirectional"),
        };
        _cells = [.. Enumerable.Range(0, directions).Select(index => new RecurrentCell(node, kind, index))];
        _isPlain = _cells.All(cell => cell.IsPlain) && _cells.All(cell => cell.Activation == _cells[0].Activation);
    }

    public static Kernel Lstm(NodeContext node) => new Recurrent(node, CellKind.Lstm).Run;

    public static Kernel Gru(NodeContext node) => new Recurrent(node, CellKind.Gru).Run;

    public static Kernel Rnn(NodeContext node) => new Recurrent(node, CellKind.Rnn).Run;

    private void Run(KernelFrame frame)
    {
        Tensor x = _batchFirst ? frame.Swap(frame.Input(0), 0, 1) : frame.Input(0);
        long[] shape = x.Shape;
        (long times, long batch) = (shape[0], shape[1]);
        long[]? lengths = frame.OptionalInput(4) is null ? null : frame.OptionalIntegers(4);
        if (lengths is not null && Array.TrueForAll(lengths, length => length == times))
        {
            lengths = null;
        }
        long[] stateShape = [_cells.Length, batch, _hidden];
        Tensor hidden = State(frame, frame.OptionalInput(5), x, stateShape);
        Tensor? cell = _kind == CellKind.Lstm ? State(frame, frame.OptionalInput(6), x, stateShape) : null;
        bool packs = lengths is not null && _direction != "reverse" && Array.TrueForAll(lengths, length => length > 0);
        bool isFused = _isPlain && frame.OptionalInput(7) is null && (lengths is null || packs);
        (Tensor y, Tensor lastHidden, Tensor? lastCell) = isFused
            ? new FusedRecurrent(_kind, _hidden, _cells.Length, _direction == "reverse", _cells[0].Activation).Run(frame, x, hidden, cell, lengths)
            : StepByStep(frame, x, hidden, cell, lengths);
        frame.Output(_batchFirst ? frame.Permute(y, 2, 0, 1, 3) : y);
        frame.Output(_batchFirst ? frame.Swap(lastHidden, 0, 1) : lastHidden, 1);
        if (lastCell is not null)
        {
            frame.Output(_batchFirst ? frame.Swap(lastCell, 0, 1) : lastCell, 2);
        }
    }

    private Tensor State(KernelFrame frame, Tensor? given, Tensor x, long[] shape) =>
        given is null ? frame.Hold(Tensor.Zeros(x.Type, shape, frame.Device)) : _batchFirst ? frame.Swap(given, 0, 1) : given;

    private (Tensor Y, Tensor Hidden, Tensor? Cell) StepByStep(KernelFrame frame, Tensor x, Tensor hidden, Tensor? cell, long[]? lengths)
    {
        var all = new Tensor[_cells.Length];
        var lastHidden = new Tensor[_cells.Length];
        var lastCell = new Tensor[_cells.Length];
        for (int i = 0; i < _cells.Length; i++)
        {
            bool backward = i == 1 || _direction == "reverse";
            Tensor? ends = lengths is null ? null : frame.Integers(lengths);
            Tensor ordered = !backward ? x : ends is null ? frame.Flip(x, 0) : ReverseSequence.Reverse(frame, x, ends, 0);
            (Tensor y, lastHidden[i], Tensor? last) = _cells[i].Run(
                frame, ordered, frame.Select(hidden, 0, i), cell is null ? null : frame.Select(cell, 0, i), lengths);
            all[i] = !backward ? y : ends is null ? frame.Flip(y, 0) : ReverseSequence.Reverse(frame, y, ends, 0);
            lastCell[i] = last ?? lastHidden[i];
        }
        return (frame.Stack(1, all), frame.Stack(0, lastHidden), cell is null ? null : frame.Stack(0, lastCell));
    }
}
