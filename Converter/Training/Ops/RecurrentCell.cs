using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>One direction of a recurrent layer, run step by step by the formulas of the ONNX specification.</summary>
internal sealed class RecurrentCell
{
    private readonly CellKind _kind;
    private readonly int _index;
    private readonly Activation[] _activations;
    private readonly float _clip;
    private readonly bool _couplesGates;
    private readonly bool _resetsLast;

    public RecurrentCell(NodeContext node, CellKind kind, int index)
    {
        _kind = kind;
        _index = index;
        string[] defaults = kind switch
        {
            CellKind.Rnn => ["Tanh"],
            CellKind.Gru => ["Sigmoid", "Tanh"],
            _ => ["Sigmoid", "Tanh", "Tanh"],
        };
        string[]? given = node.Attributes.GetStrings("activations", null);
        float[] alphas = node.Attributes.GetFloats("activation_alpha", []);
        float[] betas = node.Attributes.GetFloats("activation_beta", []);
        _activations = new Activation[defaults.Length];
        for (int i = 0; i < defaults.Length; i++)
        {
            int place = (index * defaults.Length) + i;
            string name = given is not null && place < given.Length ? given[place] : defaults[i];
            _activations[i] = Ops.Activation.Of(node, name, place < alphas.Length ? alphas[place] : null, place < betas.Length ? betas[place] : null);
        }
        _clip = node.Attributes.GetFloat("clip", 0);
        _couplesGates = node.Attributes.GetInt("input_forget", 0) != 0;
        _resetsLast = node.Attributes.GetInt("linear_before_reset", 0) != 0;
        bool isDefault = _activations.Zip(defaults).All(pair => pair.First.Name == pair.Second)
            || (kind == CellKind.Rnn && _activations[0].Name == "Relu");
        IsPlain = isDefault && _clip == 0 && !_couplesGates && (kind != CellKind.Gru || _resetsLast);
    }

    /// <summary>Whether libtorch's own layer computes the same.</summary>
    public bool IsPlain { get; }

    /// <summary>The name of its first activation.</summary>
    public string Activation => _activations[0].Name;

    /// <summary>Runs over time.</summary>
    /// <returns>The states [T,N,H], zeros behind a sequence's end; the last hidden state and the last cell state of each sequence.</returns>
    public (Tensor Y, Tensor Hidden, Tensor? Cell) Run(KernelFrame frame, Tensor x, Tensor hidden, Tensor? cell, long[]? lengths)
    {
        Tensor recurrence = frame.Swap(frame.Select(frame.Input(2), 0, _index), 0, 1);
        (Tensor? inputBias, Tensor? hiddenBias) = Biases(frame);
        Tensor projected = frame.MatMul(x, frame.Swap(frame.Select(frame.Input(1), 0, _index), 0, 1));
        projected = inputBias is null ? projected : frame.Add(projected, inputBias);
        Tensor[] peepholes = frame.OptionalInput(7) is { } all ? Chunks(frame, frame.Select(all, 0, _index), 3) : [];
        // Update and reset are one product where the state goes into both as it is.
        Tensor[] weights = _kind == CellKind.Gru ? Parts(frame, recurrence) : [];
        Tensor[] biases = _kind == CellKind.Gru && hiddenBias is not null ? Parts(frame, hiddenBias) : [];
        var states = new Tensor[x.Shape[0]];
        Tensor? ends = lengths is null ? null : frame.Unsqueeze(frame.Integers(lengths), 1);
        for (int time = 0; time < states.Length; time++)
        {
            Tensor input = frame.Select(projected, 0, time);
            Tensor next;
            Tensor? nextCell = null;
            switch (_kind)
            {
                case CellKind.Lstm:
                    (next, nextCell) = Lstm(frame, Sum(frame, input, frame.MatMul(hidden, recurrence), hiddenBias), cell!, peepholes);
                    break;
                case CellKind.Gru:
                    next = Gru(frame, input, hidden, weights, biases);
                    break;
                default:
                    next = _activations[0].Run(frame, Clip(frame, Sum(frame, input, frame.MatMul(hidden, recurrence), hiddenBias)));
                    break;
            }
            if (ends is null)
            {
                (hidden, cell, states[time]) = (next, nextCell, next);
                continue;
            }
            Tensor runs = frame.IsGreater(ends, time);
            hidden = frame.Where(runs, next, hidden);
            cell = cell is null ? null : frame.Where(runs, nextCell!, cell);
            states[time] = frame.Where(runs, next, frame.ZerosLike(next));
        }
        return (frame.Stack(0, states), hidden, cell);
    }

    private (Tensor? Input, Tensor? Hidden) Biases(KernelFrame frame)
    {
        if (frame.OptionalInput(3) is not { } both)
        {
            return (null, null);
        }
        Tensor[] halves = Chunks(frame, frame.Select(both, 0, _index), 2);
        return (halves[0], halves[1]);
    }

    private (Tensor Hidden, Tensor Cell) Lstm(KernelFrame frame, Tensor gates, Tensor cell, Tensor[] peepholes)
    {
        Tensor[] parts = Chunks(frame, gates, 4);
        Tensor input = Gate(frame, parts[0], cell, peepholes, 0);
        Tensor forget = _couplesGates ? frame.SubtractFrom(1, input) : Gate(frame, parts[2], cell, peepholes, 2);
        Tensor candidate = _activations[1].Run(frame, Clip(frame, parts[3]));
        Tensor next = frame.Add(frame.Multiply(forget, cell), frame.Multiply(input, candidate));
        Tensor output = Gate(frame, parts[1], next, peepholes, 1);
        return (frame.Multiply(output, _activations[2].Run(frame, next)), next);
    }

    private Tensor Gate(KernelFrame frame, Tensor sum, Tensor cell, Tensor[] peepholes, int which) =>
        _activations[0].Run(frame, Clip(frame, peepholes.Length == 0 ? sum : frame.Add(sum, frame.Multiply(peepholes[which], cell))));

    private Tensor Gru(KernelFrame frame, Tensor input, Tensor hidden, Tensor[] weights, Tensor[] biases)
    {
        Tensor[] given = Parts(frame, input);
        Tensor gates = _activations[0].Run(frame, Clip(frame, Sum(frame, given[0], frame.MatMul(hidden, weights[0]), Bias(0))));
        Tensor[] both = Chunks(frame, gates, 2);
        (Tensor update, Tensor reset) = (both[0], both[1]);
        Tensor candidate;
        if (_resetsLast)
        {
            Tensor kept = frame.MatMul(hidden, weights[1]);
            candidate = frame.Add(given[1], frame.Multiply(reset, Bias(1) is { } bias ? frame.Add(kept, bias) : kept));
        }
        else
        {
            candidate = Sum(frame, given[1], frame.MatMul(frame.Multiply(reset, hidden), weights[1]), Bias(1));
        }
        Tensor next = _activations[1].Run(frame, Clip(frame, candidate));
        // (1 − update)·next + update·hidden
        return frame.Add(next, frame.Multiply(update, frame.Subtract(hidden, next)));

        Tensor? Bias(int which) => biases.Length == 0 ? null : biases[which];
    }

    /// <summary>Update and reset together, and the new state.</summary>
    private static Tensor[] Parts(KernelFrame frame, Tensor tensor)
    {
        long size = tensor.Shape[^1] / 3;
        return [frame.Slice(tensor, -1, 0, 2 * size), frame.Slice(tensor, -1, 2 * size, 3 * size)];
    }

    private static Tensor Sum(KernelFrame frame, Tensor a, Tensor b, Tensor? c)
    {
        Tensor sum = frame.Add(a, b);
        return c is null ? sum : frame.Add(sum, c);
    }

    private static Tensor[] Chunks(KernelFrame frame, Tensor tensor, int count)
    {
        long size = tensor.Shape[^1] / count;
        var parts = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            parts[i] = frame.Slice(tensor, -1, i * size, (i + 1) * size);
        }
        return parts;
    }

    private Tensor Clip(KernelFrame frame, Tensor tensor) => _clip > 0 ? frame.Clamp(tensor, -(double)_clip, (double)_clip) : tensor;
}
