using Edge.Graph.Execution;
using Edge.Graph.Passes;
using Edge.Graph.Serialization;
using Edge.Graph.Tests.Inference;

namespace Edge.Graph.Tests.Passes;

/// <summary>The passes over every case of the ONNX node suite, on the suite's own inputs.</summary>
public sealed class SuitePassTests(ITestOutputHelper output)
{
    private static readonly ProofOptions Exact = new() { RandomRuns = 0, Threads = 1, AbsoluteTolerance = 1e-5, RelativeTolerance = 1e-4 };
    private static readonly ProofOptions Half = new() { RandomRuns = 0, Threads = 1, AbsoluteTolerance = 2e-2, RelativeTolerance = 2e-2 };

    [Fact]
    public void ForDeployment_EveryCase_ComputesTheSame() =>
        Run("standard pipeline", constant: false, Exact, model => PassPipeline.ForDeployment.Run(model).Sum(result => result.Changes));

    // float16 graphs round differently when the engine fuses them, so these are held to float16's own precision.
    [Fact]
    public void ForDeployment_EveryCaseWithItsInputsConstant_ComputesTheSame() =>
        Run("standard pipeline, inputs constant", constant: true, Exact with { AbsoluteTolerance = 1e-3 }, model => PassPipeline.ForDeployment.Run(model).Sum(result => result.Changes));

    [Theory]
    [InlineData(17)]
    [InlineData(21)]
    public void UpgradeOpset_EveryOlderCase_ComputesTheSameOrIsRefused(long target) =>
        Run($"opset {target}", constant: false, Exact, new UpgradeOpset(target).Run, "test_not_2d", "test_not_3d", "test_not_4d", "test_scan_sum", "test_upsample_nearest");

    [Fact]
    public void ConvertToFloat16_EveryCase_ComputesNearlyTheSame() =>
        // Masked places of this inner result hold the most negative number of the type, which is another one.
        Run("float16", constant: false, Half, new ConvertToFloat16().Run,
            "test_not_2d", "test_not_3d", "test_not_4d", "test_attention_4d_with_past_and_present_qk_matmul_bias_3d_mask_causal", "test_attention_4d_with_past_and_present_qk_matmul_bias_4d_mask_causal");

    private void Run(string what, bool constant, ProofOptions options, Func<OnnxModel, int> pass, params string[] expected)
    {
        (int changed, int refused) = (0, 0);
        var failures = new List<string>();
        foreach (SuiteCase item in NodeSuite.Read())
        {
            OnnxModel source = item.Load();
            var inputs = new Dictionary<string, OnnxTensor>();
            for (int index = 0; index < source.Graph.Inputs.Count; index++)
            {
                if (source.Graph.Inputs[index].Type is TensorType)
                {
                    inputs[source.Graph.Inputs[index].Name] = new TensorReader(null).Read(SuiteCase.Tensor(item.Inputs[index]), item.Name);
                }
            }
            bool isComparable = inputs.Count == source.Graph.Inputs.Count;
            // With constant inputs the engine's own shape inference refuses some bodies of loops.
            if (constant && (!isComparable || source.Graph.WithSubgraphs().Skip(1).Any()))
            {
                continue;
            }
            if (constant)
            {
                foreach (Value input in source.Graph.Inputs.ToArray())
                {
                    source.Graph.SetConstant(input, inputs[input.Name]);
                    source.Graph.RemoveInput(input);
                }
                inputs.Clear();
            }
            OnnxModel model = OnnxModel.Parse(source.ToBytes());
            int changes;
            try
            {
                changes = pass(model);
            }
            catch (ModelFormatException e)
            {
                refused++;
                if (!expected.Contains(item.Name) && !e.Message.Contains("subgraphs", StringComparison.Ordinal) && !e.Message.Contains("is of opset 0", StringComparison.Ordinal))
                {
                    failures.Add($"{item.Name}: {e.Message}");
                }
                continue;
            }
            changed += changes > 0 ? 1 : 0;
            if (ModelVerifier.Verify(model) is [var problem, ..])
            {
                failures.Add($"{item.Name}: {problem}");
            }
            else if (isComparable && changes > 0 && !expected.Contains(item.Name)
                && ModelProof.Compare(source, OnnxModel.Parse(model.ToBytes()), options, [inputs]) is { Verdict: ProofVerdict.Differs } proof)
            {
                failures.Add($"{item.Name}: {proof.Reason}");
            }
        }
        output.WriteLine($"{what}: {changed} cases changed, {refused} refused");
        Assert.Empty(failures);
        Assert.True(changed > 100);
    }
}
