using Edge.Graph;
using Edge.Torch;
using Edge.Training.Execution;

namespace Edge.Training.Ops;

/// <summary>Nodes with graphs inside: a choice, a loop, a scan over sequences. Gradients flow through what really ran.</summary>
internal static class ControlFlow
{
    public static Kernel If(NodeContext node)
    {
        GraphBody yes = node.Body("then_branch");
        GraphBody no = node.Body("else_branch");
        return frame =>
        {
            Tensor[] results = frame.RunBody(IsTrue(frame, frame.Input(0)) ? yes : no, []);
            for (int i = 0; i < results.Length; i++)
            {
                frame.Output(results[i], i);
            }
        };
    }

    public static Kernel Loop(NodeContext node)
    {
        GraphBody body = node.Body("body");
        OnnxGraph graph = node.Attributes.GetGraph("body")!;
        int carried = body.InputCount - 2;
        int collected = body.OutputCount - 1 - carried;
        return frame =>
        {
            long limit = frame.OptionalIntegers(0) is { } given ? given[0] : long.MaxValue;
            bool goes = frame.OptionalInput(1) is not { } condition || IsTrue(frame, condition);
            var state = new Tensor[carried];
            for (int i = 0; i < carried; i++)
            {
                state[i] = frame.Input(i + 2);
            }
            List<Tensor>[] collections = Lists(collected);
            for (long turn = 0; goes && turn < limit; turn++)
            {
                Tensor number = frame.Hold(Tensor.From<long>([turn], [], frame.Device));
                Tensor truth = frame.Hold(Tensor.From<bool>([true], [], frame.Device));
                Tensor[] results = frame.RunBody(body, [number, truth, .. state]);
                foreach (Tensor result in results)
                {
                    frame.Hold(result);
                }
                goes = IsTrue(frame, results[0]);
                results.AsSpan(1, carried).CopyTo(state);
                for (int i = 0; i < collected; i++)
                {
                    collections[i].Add(results[1 + carried + i]);
                }
            }
            for (int i = 0; i < carried; i++)
            {
                frame.Output(state[i], i);
            }
            for (int i = 0; i < collected; i++)
            {
                frame.Output(Collected(frame, collections[i], graph.Outputs[1 + carried + i]), carried + i);
            }
        };
    }

    /// <summary>Scan since opset 9.</summary>
    public static Kernel Scan(NodeContext node) => Scan(node, batchAxis: false);

    /// <summary>Scan of opset 8: an optional input of lengths first, and a batch axis in front of everything.</summary>
    public static Kernel BatchedScan(NodeContext node) => Scan(node, batchAxis: true);

    private static Kernel Scan(NodeContext node, bool batchAxis)
    {
        GraphBody body = node.Body("body");
        int scanned = (int)node.Attributes.GetInt("num_scan_inputs", 0);
        int carried = body.InputCount - scanned;
        int collected = body.OutputCount - carried;
        OnnxGraph graph = node.Attributes.GetGraph("body")!;
        long[] inputDirections = node.Attributes.GetInts(batchAxis ? "directions" : "scan_input_directions", new long[scanned]);
        long[] outputDirections = node.Attributes.GetInts("scan_output_directions", new long[collected]);
        long[] inputAxes = node.Attributes.GetInts("scan_input_axes", new long[scanned]);
        long[] outputAxes = node.Attributes.GetInts("scan_output_axes", new long[collected]);
        if (batchAxis && node.HasInput(0))
        {
            throw node.Unsupported("ONNX allows sequence lengths before opset 9; the training engine does not execute them");
        }
        return frame =>
        {
            if (!batchAxis)
            {
                Give(frame, Once(index => frame.Input(index)));
                return;
            }
            var batches = new List<Tensor[]>();
            long batch = frame.Input(1).Shape[0];
            for (long b = 0; b < batch; b++)
            {
                long number = b;
                batches.Add(Once(index => frame.Select(frame.Input(index + 1), 0, number)));
            }
            Give(frame, [.. Enumerable.Range(0, carried + collected).Select(i => frame.Stack(0, [.. batches.Select(results => results[i])]))]);

            Tensor[] Once(Func<int, Tensor> input)
            {
                var state = new Tensor[carried];
                for (int i = 0; i < carried; i++)
                {
                    state[i] = input(i);
                }
                var sequences = new Tensor[scanned];
                for (int i = 0; i < scanned; i++)
                {
                    sequences[i] = input(carried + i);
                }
                List<Tensor>[] collections = Lists(collected);
                long length = scanned == 0 ? 0 : sequences[0].Shape[NodeContext.Axis(inputAxes[0], sequences[0].Rank)];
                var inputs = new Tensor[carried + scanned];
                for (long turn = 0; turn < length; turn++)
                {
                    state.CopyTo(inputs, 0);
                    for (int i = 0; i < scanned; i++)
                    {
                        inputs[carried + i] = frame.Select(sequences[i], inputAxes[i], inputDirections[i] != 0 ? length - 1 - turn : turn);
                    }
                    Tensor[] results = frame.RunBody(body, inputs);
                    foreach (Tensor result in results)
                    {
                        frame.Hold(result);
                    }
                    results.AsSpan(0, carried).CopyTo(state);
                    for (int i = 0; i < collected; i++)
                    {
                        collections[i].Add(results[carried + i]);
                    }
                }
                var all = new Tensor[carried + collected];
                state.CopyTo(all, 0);
                for (int i = 0; i < collected; i++)
                {
                    if (outputDirections[i] != 0)
                    {
                        collections[i].Reverse();
                    }
                    all[carried + i] = Collected(frame, collections[i], graph.Outputs[carried + i], outputAxes[i]);
                }
                return all;
            }
        };
    }

    private static void Give(KernelFrame frame, Tensor[] results)
    {
        for (int i = 0; i < results.Length; i++)
        {
            frame.Output(results[i], i);
        }
    }

    private static bool IsTrue(KernelFrame frame, Tensor condition) => frame.To(condition, DataType.Bool).ToArray<bool>()[0];

    private static List<Tensor>[] Lists(int count)
    {
        var lists = new List<Tensor>[count];
        for (int i = 0; i < count; i++)
        {
            lists[i] = [];
        }
        return lists;
    }

    /// <summary>What each turn gave, along a new axis; what no turn gave has the sizes that the graph states.</summary>
    private static Tensor Collected(KernelFrame frame, List<Tensor> items, Value output, long axis = 0)
    {
        if (items.Count > 0)
        {
            return frame.Stack(axis, [.. items]);
        }
        long[] shape = [0, .. output.Shape?.Dimensions.Select(dimension => dimension.Size ?? 0) ?? []];
        DataType type = TensorConversion.ToDataType(output.ElementType ?? ElementType.Float) ?? DataType.Float32;
        return frame.Hold(Tensor.Zeros(type, shape, frame.Device));
    }
}
