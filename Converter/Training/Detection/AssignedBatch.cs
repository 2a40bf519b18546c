using System.Runtime.InteropServices;
using Edge.Torch;

namespace Edge.Training.Detection;

/// <summary>What the cells of a batch should say, in the order in which tensors are made of it.</summary>
internal sealed class AssignedBatch
{
    /// <summary>Assigns every picture of a batch.</summary>
    /// <param name="assigner">Decides.</param>
    /// <param name="output">[N, cells, 5 + classes]: the model's output; gradients do not see this.</param>
    /// <param name="target">[N, boxes, 5]: the true boxes.</param>
    public AssignedBatch(SimOta assigner, Tensor output, Tensor target)
    {
        DetectionGrid grid = assigner.Grid;
        (int pictures, int width) = ((int)output.Shape[0], (int)output.Shape[2]);
        float[] values = new float[output.Length];
        output.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        float[] truths = new float[target.Length];
        target.CopyTo(MemoryMarshal.AsBytes(truths.AsSpan()));
        Objects = new float[pictures * grid.Count];
        var boxes = new List<BoxTarget>();
        var assigned = new List<Assignment>();
        for (int picture = 0; picture < pictures; picture++)
        {
            boxes.Clear();
            assigned.Clear();
            BoxTarget.Read(truths.AsSpan(picture * (truths.Length / pictures), truths.Length / pictures), boxes);
            assigner.Assign(values.AsSpan(picture * grid.Count * width, grid.Count * width), boxes, assigned);
            foreach (Assignment item in assigned)
            {
                int row = (picture * grid.Count) + item.Cell;
                BoxTarget truth = boxes[item.Truth];
                Rows.Add(row);
                Objects[row] = 1;
                Cells.AddRange(grid.Columns[item.Cell], grid.Rows[item.Cell]);
                Strides.Add(grid.Strides[item.Cell]);
                Least.AddRange(truth.Box.Left, truth.Box.Top);
                Most.AddRange(truth.Box.Right, truth.Box.Bottom);
                for (int number = 0; number < width - BoxTarget.Width; number++)
                {
                    Classes.Add(number == truth.Class ? item.Overlap : 0);
                }
            }
        }
    }

    /// <summary>How many cells answer for a box.</summary>
    public int Count => Rows.Count;

    /// <summary>Which, counted over the whole batch.</summary>
    public List<long> Rows { get; } = [];

    /// <summary>Column and row of each within its level.</summary>
    public List<float> Cells { get; } = [];

    /// <summary>The side of each in pixels.</summary>
    public List<float> Strides { get; } = [];

    /// <summary>Left and upper edge of the box of each.</summary>
    public List<float> Least { get; } = [];

    /// <summary>Right and lower edge.</summary>
    public List<float> Most { get; } = [];

    /// <summary>What each should say of every class: the overlap for the right one, 0 for others.</summary>
    public List<float> Classes { get; } = [];

    /// <summary>What every cell of the batch should say of being answerable: 1 or 0.</summary>
    public float[] Objects { get; }
}
