using System.Collections.Frozen;
using Edge.Graph.Inference.Rules;

namespace Edge.Graph.Inference;

/// <summary>Which rule an operator has. Rules ask the node for its version where versions differ.</summary>
internal static class InferenceRules
{
    private static readonly FrozenDictionary<(string Domain, string Operator), InferenceRule> Table = Build();

    internal static IEnumerable<(string Domain, string Operator)> Covered => Table.Keys;

    internal static InferenceRule? Find(Node node) => Table.GetValueOrDefault((node.Domain, node.OpType));

    private static FrozenDictionary<(string, string), InferenceRule> Build()
    {
        var table = new RuleTable();
        AddElementwise(table);
        return table.Freeze();
    }

    private static void AddElementwise(RuleTable table)
    {
        table.Add(ElementwiseRules.Same, "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Bernoulli", "BitwiseNot", "Celu", "Cos", "Cosh", "CumProd", "CumSum", "Elu", "Erf",
            "Exp", "Gelu", "Hardmax", "HardSigmoid", "HardSwish", "IsInf", "IsNaN", "LeakyRelu", "Log", "LogSoftmax", "LRN", "LpNormalization", "MeanVarianceNormalization",
            "Mish", "PRelu", "Reciprocal", "Relu", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh",
            "ThresholdedRelu", "ReverseSequence", "Scatter", "ScatterElements", "ScatterND", "TensorScatter", "Trilu", "RotaryEmbedding", "RegexFullMatch",
            "GroupNormalization", "InstanceNormalization", "RMSNormalization");
        table.Add(ElementwiseRules.SameForAll, "Dropout");
        table.Add(ElementwiseRules.Identity, "Identity");
        table.Add(ElementwiseRules.Broadcast, "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Mean", "Pow", "StringConcat");
        table.Add(ElementwiseRules.Add, "Add");
        table.Add(ElementwiseRules.Subtract, "Sub");
        table.Add(ElementwiseRules.Multiply, "Mul");
        table.Add(ElementwiseRules.Divide, "Div");
        table.Add(ElementwiseRules.Modulo, "Mod");
        table.Add(ElementwiseRules.Minimum, "Min");
        table.Add(ElementwiseRules.Maximum, "Max");
        table.Add(ElementwiseRules.Sum, "Sum");
        table.Add(ElementwiseRules.Equal, "Equal");
        table.Add(ElementwiseRules.Less, "Less");
        table.Add(ElementwiseRules.LessOrEqual, "LessOrEqual");
        table.Add(ElementwiseRules.Greater, "Greater");
        table.Add(ElementwiseRules.GreaterOrEqual, "GreaterOrEqual");
        table.Add(ElementwiseRules.And, "And");
        table.Add(ElementwiseRules.Or, "Or");
        table.Add(ElementwiseRules.Xor, "Xor");
        table.Add(ElementwiseRules.Not, "Not");
        table.Add(ElementwiseRules.Negate, "Neg");
        table.Add(ElementwiseRules.Absolute, "Abs");
        table.Add(ElementwiseRules.Floor, "Floor");
        table.Add(ElementwiseRules.Ceiling, "Ceil");
        table.Add(ElementwiseRules.Round, "Round");
        table.Add(ElementwiseRules.Where, "Where");
        table.Add(ElementwiseRules.Clip, "Clip");
        table.Add(ElementwiseRules.Cast, "Cast");
        table.Add(ElementwiseRules.CastLike, "CastLike");
        table.Add(CreationRules.Constant, "Constant");
        table.Add(CreationRules.ConstantOfShape, "ConstantOfShape");
        table.Add(CreationRules.Range, "Range");
        table.Add(CreationRules.EyeLike, "EyeLike");
        table.Add(CreationRules.Random, "RandomNormal", "RandomUniform");
        table.Add(CreationRules.RandomLike, "RandomNormalLike", "RandomUniformLike");
        table.Add(CreationRules.Multinomial, "Multinomial");
        table.Add(CreationRules.Window, "HannWindow", "HammingWindow", "BlackmanWindow");
        table.Add(CreationRules.MelWeightMatrix, "MelWeightMatrix");
    }

    private sealed class RuleTable
    {
        private readonly Dictionary<(string, string), InferenceRule> _rules = [];

        internal void Add(InferenceRule rule, params ReadOnlySpan<string> operators) => AddFor("", rule, operators);

        internal void AddFor(string domain, InferenceRule rule, params ReadOnlySpan<string> operators)
        {
            foreach (string name in operators)
            {
                _rules.Add((domain, name), rule);
            }
        }

        internal FrozenDictionary<(string, string), InferenceRule> Freeze() => _rules.ToFrozenDictionary();
    }
}
