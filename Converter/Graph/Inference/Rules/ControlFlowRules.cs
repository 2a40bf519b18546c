namespace Edge.Graph.Inference.Rules;

/// <summary>If, Loop and Scan: the types that flow through their graphs.</summary>
internal static class ControlFlowRules
{
    private const int MostRounds = 4;
    private const string Changing = "a size that changes from round to round";

    internal static void If(NodeInference node)
    {
        if (node.Graph("then_branch") is not { } yes || node.Graph("else_branch") is not { } no)
        {
            node.Unknown("lacks a branch");
            return;
        }
        OnnxType?[] ifTrue = node.Run(yes, [], repeats: false);
        OnnxType?[] ifFalse = node.Run(no, [], repeats: false);
        long? condition = CreationRules.Scalar(node, 0).Constant;
        for (int output = 0; output < node.OutputCount; output++)
        {
            Value? trueValue = output < yes.Outputs.Count ? yes.Outputs[output] : null;
            Value? falseValue = output < no.Outputs.Count ? no.Outputs[output] : null;
            if (trueValue is null || falseValue is null)
            {
                node.Unknown($"its branches have fewer than {node.OutputCount} outputs");
                return;
            }
            TensorContent? whenTrue = node.Engine.ContentOf(trueValue);
            TensorContent? whenFalse = node.Engine.ContentOf(falseValue);
            if (condition is { } bit)
            {
                NoteReason(node, bit != 0 ? trueValue : falseValue);
                Take(node, output, bit != 0 ? ifTrue[output] : ifFalse[output], bit != 0 ? whenTrue : whenFalse);
                continue;
            }
            NoteReason(node, trueValue, falseValue);
            bool agree = whenTrue is not null && whenFalse is not null && whenTrue.Dims.AsSpan().SequenceEqual(whenFalse.Dims) && whenTrue.Elements.AsSpan().SequenceEqual(whenFalse.Elements);
            Take(node, output, Either(node, output, ifTrue[output], ifFalse[output]), agree ? whenTrue : null);
        }
    }

    internal static void Loop(NodeInference node)
    {
        if (node.Graph("body") is not { } body)
        {
            node.Unknown("lacks a body");
            return;
        }
        int states = Math.Max(node.InputCount - 2, 0);
        OnnxType?[] types = [.. Enumerable.Range(2, states).Select(node.Type)];
        OnnxType?[] outputs = RunUntilStable(node, body, types, state => [
            Declared(body, 0, ElementType.Int64), Declared(body, 1, ElementType.Bool), .. state], outputsBefore: 1);
        SizeExpression? rounds = Rounds(node, body);
        NoteReason(node, [.. body.Outputs]);
        for (int output = 0; output < node.OutputCount; output++)
        {
            if (output < states)
            {
                node.Set(output, Named(node, output, types[output], Changing));
            }
            else if (output + 1 < outputs.Length && outputs[output + 1] is TensorType item)
            {
                SizeExpression? count = rounds ?? node.Fresh(output, 0, "how many rounds the loop makes");
                node.Set(output, item.Shape is null ? null : [count, .. node.Engine.Sizes(item.Shape)], item.Element);
            }
        }
    }

    internal static void Scan(NodeInference node)
    {
        long scanned = node.Int("num_scan_inputs", 0);
        int skip = node.Version < 9 ? 1 : 0;
        long states = node.InputCount - skip - scanned;
        if (node.Graph("body") is not { } body || scanned < 1 || states < 0)
        {
            node.Unknown("its body or its number of scan inputs does not fit");
            return;
        }
        // Version 8 has a batch axis in front of everything.
        int batch = skip;
        long[] axes = node.Ints("scan_input_axes") is { } named && named.Length == scanned ? named : new long[scanned];
        SizeExpression? steps = null;
        var slices = new OnnxType?[scanned];
        for (int index = 0; index < scanned; index++)
        {
            int input = skip + (int)states + index;
            if (node.Shape(input) is not { } shape || node.Axis(batch + axes[index], shape.Length) is not { } axis)
            {
                continue;
            }
            steps = shape[axis] is { IsConstant: true } || steps is null ? shape[axis] : steps;
            SizeExpression?[] rest = [.. shape[batch..axis], .. shape[(axis + 1)..]];
            slices[index] = node.Element(input) is { } element ? new TensorType(element, InferenceEngine.ToShape(rest)) : null;
        }
        OnnxType?[] types = [.. Enumerable.Range(skip, (int)states).Select(input => batch > 0 ? Tail(node.Type(input)) : node.Type(input))];
        OnnxType?[] outputs = RunUntilStable(node, body, types, state => [.. state, .. slices], outputsBefore: 0);
        NoteReason(node, [.. body.Outputs]);
        long[]? outAxes = node.Ints("scan_output_axes");
        SizeExpression? lead = batch > 0 && node.Shape(skip) is [var size, ..] ? size : null;
        for (int output = 0; output < node.OutputCount && output < outputs.Length; output++)
        {
            OnnxType? type = output < states ? Named(node, output, types[output], Changing) : outputs[output];
            if (type is not TensorType { Shape: { } known } tensor)
            {
                node.Set(output, type);
                continue;
            }
            SizeExpression?[] shape = node.Engine.Sizes(known);
            if (output >= states)
            {
                long index = output - states;
                if (node.Axis(outAxes is not null && index < outAxes.Length ? outAxes[index] : 0, shape.Length + 1) is not { } axis)
                {
                    continue;
                }
                shape = [.. shape[..axis], steps, .. shape[axis..]];
            }
            node.Set(output, batch > 0 ? [lead, .. shape] : shape, tensor.Element);
        }
    }

    // Runs the body until the types of the states that go in are those that come out; sizes that change are given up.
    private static OnnxType?[] RunUntilStable(NodeInference node, OnnxGraph body, OnnxType?[] states, Func<OnnxType?[], OnnxType?[]> inputs, int outputsBefore)
    {
        int rounds = node.IsDeep ? 0 : MostRounds;
        for (int round = 0; round < rounds; round++)
        {
            OnnxType?[] outputs = node.Run(body, inputs(states), repeats: true);
            bool isStable = true;
            for (int index = 0; index < states.Length; index++)
            {
                OnnxType? after = index + outputsBefore < outputs.Length ? outputs[index + outputsBefore] : null;
                OnnxType? common = TypeMerger.Common(states[index], after) ?? TypeMerger.WithoutShape(states[index]);
                isStable &= Equals(common, states[index]);
                states[index] = common;
            }
            if (isStable)
            {
                return outputs;
            }
        }
        for (int index = 0; index < states.Length; index++)
        {
            states[index] = TypeMerger.WithoutShape(states[index]);
        }
        return node.Run(body, inputs(states), repeats: true);
    }

    // How many rounds a loop makes that nothing but its count ends.
    private static SizeExpression? Rounds(NodeInference node, OnnxGraph body)
    {
        if (body.Outputs.Count == 0 || body.Inputs.Count < 2 || (node.Has(1) && CreationRules.Scalar(node, 1).Constant != 1))
        {
            return null;
        }
        Value condition = body.Outputs[0];
        while (condition.Producer is { } producer && producer.Is("Identity") && producer.Input(0) is { } source)
        {
            condition = source;
        }
        bool goesOn = ReferenceEquals(condition, body.Inputs[1]) || node.Engine.ContentOf(condition) is { Elements: [{ Constant: 1 }] };
        return goesOn && node.Has(0) && CreationRules.Scalar(node, 0).Whole is { } count ? SizeExpression.Max(count, SizeExpression.Zero) : null;
    }

    private static OnnxType? Either(NodeInference node, int output, OnnxType? a, OnnxType? b)
    {
        if (a is TensorType { Shape: { } left } && b is TensorType { Shape: { } right } && left.Rank != right.Rank)
        {
            node.Unknown($"its branches give {left} and {right}");
        }
        return Named(node, output, TypeMerger.Common(a, b), "a size in which its branches differ");
    }

    // Sizes that only a run tells get symbols, so that what is computed from them can be said.
    private static OnnxType? Named(NodeInference node, int output, OnnxType? type, string meaning) =>
        type is not TensorType { Shape: { } shape } tensor ? type : tensor with
        {
            Shape = new TensorShape([.. shape.Dimensions.Select((dimension, axis) => dimension is { Size: null, Symbol: null }
                ? InferenceEngine.ToDimension(node.Fresh(output, axis, meaning))
                : dimension)]),
        };

    // What is unknown inside explains what is unknown outside.
    private static void NoteReason(NodeInference node, params ReadOnlySpan<Value> values)
    {
        foreach (Value value in values)
        {
            if (node.Engine.ReasonOf(value) is { } reason)
            {
                node.Unknown($"inside, {reason}");
            }
        }
    }

    private static void Take(NodeInference node, int output, OnnxType? type, TensorContent? content)
    {
        node.Set(output, type);
        if (content is not null)
        {
            node.Set(output, content);
        }
    }

    private static TensorType? Declared(OnnxGraph body, int input, ElementType element) =>
        input < body.Inputs.Count && body.Inputs[input].Type is TensorType { Shape: not null } declared ? declared : new TensorType(element, TensorShape.Scalar);

    private static OnnxType? Tail(OnnxType? type) =>
        type is TensorType { Shape: { Rank: > 0 } shape } tensor ? tensor with { Shape = new TensorShape([.. shape.Dimensions.Skip(1)]) } : type;
}
