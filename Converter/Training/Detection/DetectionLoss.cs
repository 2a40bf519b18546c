using System.Runtime.InteropServices;
using Edge.Torch;
using Edge.Training.Losses;

namespace Edge.Training.Detection;

/// <summary>
/// The loss of an anchor-free detector whose output is YOLOX's: cells are assigned by <see cref="SimOta"/>; what they answer for is
/// judged by box and class (whose target is the overlap), and every cell by whether it answers for something. The sum is divided by
/// the number of cells that do.
/// </summary>
public sealed class DetectionLoss : Loss
{
    private const int Sum = 2;
    private const float Least = 1e-7f;

    private static readonly Operator Reshape = new("aten::reshape");
    private static readonly Operator Pick = new("aten::index_select");
    private static readonly Operator Column = new("aten::select", "int");
    private static readonly Operator Columns = new("aten::slice", "Tensor");
    private static readonly Operator Entropy = new("aten::binary_cross_entropy");
    private static readonly Operator Add = new("aten::add", "Tensor");
    private static readonly Operator AddNumber = new("aten::add", "Scalar");
    private static readonly Operator Subtract = new("aten::sub", "Tensor");
    private static readonly Operator Multiply = new("aten::mul", "Tensor");
    private static readonly Operator Scale = new("aten::mul", "Scalar");
    private static readonly Operator Divide = new("aten::div", "Tensor");
    private static readonly Operator Exponential = new("aten::exp");
    private static readonly Operator Clamp = new("aten::clamp");
    private static readonly Operator Minimum = new("aten::minimum");
    private static readonly Operator Maximum = new("aten::maximum");
    private static readonly Operator Absolute = new("aten::abs");
    private static readonly Operator Power = new("aten::pow", "Tensor_Scalar");
    private static readonly Operator Total = new("aten::sum");
    private static readonly Operator OneMinus = new("aten::rsub", "Scalar");

    private readonly int _width;
    private readonly int _height;
    private readonly BoxLoss _box;
    private readonly double _boxWeight;
    private readonly double _focus;
    private readonly double _labelWeight;
    private readonly Dictionary<(int, int), SimOta> _assigners = [];

    /// <summary>Makes the loss.</summary>
    /// <param name="width">Columns of the model's input, in pixels.</param>
    /// <param name="height">Rows of the model's input, in pixels.</param>
    /// <param name="box">How boxes are judged.</param>
    /// <param name="boxWeight">What boxes count beside objects; above 0.</param>
    /// <param name="focus">The exponent γ with which cells that are right about holding nothing count less (Lin and others 2017); 0 is plain cross-entropy.</param>
    /// <param name="labelWeight">What classes count beside objects; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside of that.</exception>
    public DetectionLoss(int width, int height, BoxLoss box = BoxLoss.Giou, double boxWeight = 5, double focus = 0, double labelWeight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(boxWeight);
        ArgumentOutOfRangeException.ThrowIfNegative(focus);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(labelWeight);
        (_width, _height, _box, _boxWeight, _focus, _labelWeight) = (width, height, box, boxWeight, focus, labelWeight);
    }

    /// <inheritdoc/>
    public override string Name => "detection";

    /// <summary>Computes it.</summary>
    /// <param name="output">[N, cells, 5 + classes] float: centre, size, probability of an object, probabilities of the classes.</param>
    /// <param name="target">[N, boxes, 5] float: class (−1 ends the list), centre and size in pixels of the input.</param>
    /// <returns>A scalar; the caller disposes it.</returns>
    /// <exception cref="TorchException">The shapes do not fit.</exception>
    /// <exception cref="TrainingException">The output has not as many cells as the input asks for.</exception>
    public override Tensor Compute(Tensor output, Tensor target) => Compute(output, target, _width, _height);

    /// <summary>Computes it for an input of another size.</summary>
    /// <param name="output">[N, cells, 5 + classes] float: centre, size, probability of an object, probabilities of the classes.</param>
    /// <param name="target">[N, boxes, 5] float: class (−1 ends the list), centre and size in pixels of the input.</param>
    /// <param name="width">Columns of the input, in pixels.</param>
    /// <param name="height">Rows of the input, in pixels.</param>
    /// <returns>A scalar; the caller disposes it.</returns>
    /// <exception cref="TorchException">The shapes do not fit.</exception>
    /// <exception cref="TrainingException">The output has not as many cells as the input asks for.</exception>
    internal Tensor Compute(Tensor output, Tensor target, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        long[] shape = output.Shape;
        if (shape.Length != 3 || shape[2] <= BoxTarget.Width || target.Shape is not [_, _, BoxTarget.Width])
        {
            throw new ArgumentException($"boxes need an output [N, cells, 5 + classes] and a target [N, boxes, {BoxTarget.Width}]", nameof(output));
        }
        if (!_assigners.TryGetValue((width, height), out SimOta? assigner) || assigner.Grid.Count != shape[1])
        {
            assigner = _assigners[(width, height)] = new SimOta(DetectionGrid.Of(width, height, shape[1]));
        }
        var wanted = new AssignedBatch(assigner, output, target);
        using var scope = new TensorScope();
        Tensor rows = scope.Run(Reshape, output, new[] { shape[0] * shape[1], shape[2] });
        Tensor loss = Objects(scope, rows, wanted);
        if (wanted.Count > 0)
        {
            Tensor places = scope.Hold(Tensor.From<long>(CollectionsMarshal.AsSpan(wanted.Rows), [wanted.Count], output.Device));
            Tensor chosen = scope.Run(Pick, rows, 0, places);
            Tensor classes = scope.Run(Entropy, scope.Run(Columns, chosen, 1, BoxTarget.Width, shape[2]), Held(scope, wanted.Classes, output, shape[2] - BoxTarget.Width), Argument.None, Sum);
            loss = scope.Run(Add, scope.Run(Add, loss, classes, _labelWeight), Boxes(scope, chosen, wanted), _boxWeight);
        }
        return Scale.Call(loss, 1.0 / Math.Max(1, wanted.Count));
    }

    private Tensor Objects(TensorScope scope, Tensor rows, AssignedBatch wanted)
    {
        Tensor found = scope.Run(Column, rows, 1, 4);
        Tensor truth = scope.Hold(Tensor.From<float>(wanted.Objects, [wanted.Objects.Length], rows.Device));
        if (_focus == 0)
        {
            return scope.Run(Entropy, found, truth, Argument.None, Sum);
        }
        // What is right already counts less: |truth − found|^γ.
        Tensor each = scope.Run(Entropy, found, truth, Argument.None, 0);
        Tensor distance = scope.Run(Clamp, scope.Run(Absolute, scope.Run(Subtract, truth, found)), Least, Argument.None);
        return scope.Run(Total, scope.Run(Multiply, scope.Run(Power, distance, _focus), each));
    }

    /// <summary>The sum of 1 − overlap, generalised.</summary>
    private Tensor Boxes(TensorScope scope, Tensor chosen, AssignedBatch wanted)
    {
        Tensor cells = Held(scope, wanted.Cells, chosen, 2);
        Tensor strides = Held(scope, wanted.Strides, chosen, 1);
        Tensor least = Held(scope, wanted.Least, chosen, 2);
        Tensor most = Held(scope, wanted.Most, chosen, 2);
        Tensor centre = scope.Run(Multiply, scope.Run(Add, scope.Run(Columns, chosen, 1, 0, 2), cells), strides);
        Tensor logarithm = scope.Run(Clamp, scope.Run(Columns, chosen, 1, 2, 4), Argument.None, (double)DetectionGrid.LargestLogarithm);
        Tensor size = scope.Run(Multiply, scope.Run(Exponential, logarithm), strides);
        Tensor half = scope.Run(Scale, size, 0.5);
        Tensor start = scope.Run(Subtract, centre, half);
        Tensor end = scope.Run(Add, centre, half);
        Tensor shared = Area(scope, scope.Run(Clamp, scope.Run(Subtract, scope.Run(Minimum, end, most), scope.Run(Maximum, start, least)), 0, Argument.None));
        Tensor both = scope.Run(Subtract, scope.Run(Add, Area(scope, size), Area(scope, scope.Run(Subtract, most, least))), shared);
        Tensor overlap = scope.Run(Divide, shared, scope.Run(AddNumber, both, (double)Least));
        Tensor around = scope.Run(Subtract, scope.Run(Maximum, end, most), scope.Run(Minimum, start, least));
        Tensor penalty;
        if (_box == BoxLoss.Giou)
        {
            Tensor hull = scope.Run(AddNumber, Area(scope, around), (double)Least);
            penalty = scope.Run(Divide, scope.Run(Subtract, hull, both), hull);
        }
        else
        {
            Tensor offset = scope.Run(Subtract, centre, scope.Run(Scale, scope.Run(Add, least, most), 0.5));
            penalty = scope.Run(Divide, SquaredLength(scope, offset), scope.Run(AddNumber, SquaredLength(scope, around), (double)Least));
        }
        return scope.Run(Total, scope.Run(Add, scope.Run(OneMinus, overlap, 1), penalty));
    }

    private static Tensor Area(TensorScope scope, Tensor sides) => scope.Run(Multiply, scope.Run(Column, sides, 1, 0), scope.Run(Column, sides, 1, 1));

    private static Tensor SquaredLength(TensorScope scope, Tensor sides)
    {
        Tensor squares = scope.Run(Multiply, sides, sides);
        return scope.Run(Add, scope.Run(Column, squares, 1, 0), scope.Run(Column, squares, 1, 1));
    }

    private static Tensor Held(TensorScope scope, List<float> values, Tensor like, long width) =>
        scope.Hold(Tensor.From<float>(CollectionsMarshal.AsSpan(values), [values.Count / width, width], like.Device));
}
