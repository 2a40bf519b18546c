using Edge.Graph.Inference;

namespace Edge.Graph.Passes;

/// <summary>Runs passes in order, again and again until none finds anything more.</summary>
/// <param name="passes">The passes, in the order in which they run.</param>
public sealed class PassPipeline(params IReadOnlyList<IGraphPass> passes)
{
    private const int MaximumRounds = 16;

    /// <summary>What every model goes through before it is deployed or quantized.</summary>
    public static PassPipeline ForDeployment { get; } = new(
        new RemoveInitializersFromInputs(),
        new MoveConstantsToInitializers(),
        new FoldShapeArithmetic(),
        new RemoveDropout(),
        new RemoveIdentity(),
        new RemoveNoOpCast(),
        new RemoveNoOpPad(),
        new RemoveNoOpSlice(),
        new RemoveNoOpExpand(),
        new RemoveNoOpArithmetic(),
        new JoinConstantArithmetic(),
        new RemoveJoinOfOne(),
        new ForwardThroughConcat(),
        new SimplifyTranspose(),
        new SimplifyReshape(),
        new SimplifyClip(),
        new FoldConstants(),
        new MergeEqualNodes(),
        new FusePadIntoConv(),
        new FoldBatchNormalization(),
        new FoldBatchNormalizationIntoNext(),
        new FoldScaleAndShift(),
        new FuseMatMulAdd(),
        new RecognizeHardSigmoid(),
        new RecognizeHardSwish(),
        new RecognizeGelu(),
        new RecognizeSwish(),
        new MergeDuplicateInitializers(),
        new RemoveDeadCode(),
        new RemoveUnusedOpsets());

    /// <summary>The passes, in the order in which they run.</summary>
    public IReadOnlyList<IGraphPass> Passes => passes;

    /// <summary>Runs the passes.</summary>
    /// <param name="model">The model; it is changed in place.</param>
    /// <returns>What each pass did, in order; passes that did nothing are listed with 0.</returns>
    /// <exception cref="ModelFormatException">The model breaks the specification before any pass has run; types are inferred to find out.</exception>
    /// <exception cref="InvalidOperationException">A pass left a model that breaks the specification: an error of ours.</exception>
    public IReadOnlyList<PassResult> Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ShapeInference.Run(model);
        ModelVerifier.ThrowIfInvalid(model, "model");
        int[] totals = new int[passes.Count];
        string last = "";
        for (int round = 0; round < MaximumRounds; round++)
        {
            int changes = 0;
            for (int index = 0; index < passes.Count; index++)
            {
                int found = passes[index].Run(model);
                totals[index] += found;
                changes += found;
                if (found > 0)
                {
                    last = passes[index].Name;
                    VerifyInDebug(model, last);
                }
            }
            if (changes == 0)
            {
                break;
            }
        }
        if (last.Length > 0)
        {
            Verify(model, last);
        }
        return [.. passes.Zip(totals, (pass, total) => new PassResult(pass.Name, total))];
    }

    // After every pass the culprit is known; in a released tool once is enough.
    [System.Diagnostics.Conditional("DEBUG")]
    private static void VerifyInDebug(OnnxModel model, string pass) => Verify(model, pass);

    private static void Verify(OnnxModel model, string pass)
    {
        if (ModelVerifier.Verify(model) is [var problem, ..])
        {
            throw new InvalidOperationException($"pass '{pass}' broke the model: {problem}");
        }
    }
}
