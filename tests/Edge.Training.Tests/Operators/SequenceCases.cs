namespace Edge.Training.Tests.Operators;

/// <summary>Recurrent layers and attention.</summary>
internal static class SequenceCases
{
    private const int Hidden = 3;

    public static Dictionary<string, Func<OperatorCase>> All { get; } = new()
    {
        ["LSTM"] = () => Layer("LSTM", 4),
        ["LSTM of forty sequences"] = () => new OperatorCase("LSTM", 14, a => a.Set("hidden_size", (long)Hidden)) { Outputs = 3, Tolerance = 1e-5 }.Input(3, 40, 2).Weight(1, 12, 2).Weight(1, 12, Hidden).Weight(1, 24),
        ["LSTM both ways"] = () => Layer("LSTM", 4, 2, "bidirectional"),
        ["LSTM backwards"] = () => Layer("LSTM", 4, 1, "reverse"),
        ["LSTM with states"] = () => Layer("LSTM", 4).None().Weight(1, 2, Hidden).Weight(1, 2, Hidden),
        ["LSTM of several lengths"] = () => Layer("LSTM", 4, 2, "bidirectional").Constant([2, 4], 2),
        ["LSTM backwards of several lengths"] = () => Layer("LSTM", 4, 1, "reverse").Constant([2, 4], 2),
        ["LSTM with peepholes"] = () => Layer("LSTM", 4).None().None().None().Weight(1, 3 * Hidden),
        ["LSTM with other activations"] = () => Layer("LSTM", 4, 1, "forward", a => a.Set(new Edge.Graph.NodeAttribute("activations", Edge.Graph.AttributeKind.Strings, (byte[][])["HardSigmoid"u8.ToArray(), "Softsign"u8.ToArray(), "Tanh"u8.ToArray()]))),
        ["LSTM clipped"] = () => Layer("LSTM", 4, 1, "forward", a => a.Set("clip", 0.4f), gradient: false),
        ["GRU"] = () => Layer("GRU", 3),
        ["GRU reset last"] = () => Layer("GRU", 3, 1, "forward", a => a.Set("linear_before_reset", 1L)),
        ["GRU clipped, reset last"] = () => Layer("GRU", 3, 1, "forward", a => { a.Set("linear_before_reset", 1L); a.Set("clip", 50f); }),
        ["GRU both ways of several lengths"] = () => Layer("GRU", 3, 2, "bidirectional", a => a.Set("linear_before_reset", 1L)).Constant([4, 1], 2),
        ["GRU stepwise of several lengths"] = () => Layer("GRU", 3, 2, "bidirectional").Constant([4, 1], 2),
        ["RNN"] = () => Layer("RNN", 1),
        ["RNN of relus backwards"] = () => Layer("RNN", 1, 1, "reverse", a => a.Set(new Edge.Graph.NodeAttribute("activations", Edge.Graph.AttributeKind.Strings, (byte[][])["Relu"u8.ToArray()]))),

        ["Attention"] = () => new OperatorCase("Attention", 23, a => a.Set("is_causal", 1L)) { Tolerance = 1e-5 }.Input(1, 2, 3, 4).Input(1, 2, 3, 4).Input(1, 2, 3, 4),
        ["Attention of flat heads"] = () => new OperatorCase("Attention", 23, a => { a.Set("q_num_heads", 4L); a.Set("kv_num_heads", 2L); }) { Tolerance = 1e-5 }.Input(2, 3, 8).Input(2, 5, 4).Input(2, 5, 4).Weight(3, 5),
        ["RotaryEmbedding"] = () => new OperatorCase("RotaryEmbedding", 23) { Tolerance = 1e-5 }.Input(1, 2, 3, 4).Weight(6, 2).Weight(6, 2).Constant([0L, 2, 4], 1, 3),
    };

    /// <summary>Four steps of two sequences of two features.</summary>
    private static OperatorCase Layer(string op, int gates, int directions = 1, string direction = "forward", Action<Edge.Graph.AttributeMap>? extra = null, bool gradient = true) =>
        new OperatorCase(op, 14, a =>
        {
            a.Set("hidden_size", (long)Hidden);
            a.Set("direction", direction);
            extra?.Invoke(a);
        })
        {
            Outputs = gates == 4 ? 3 : 2,
            Tolerance = 1e-5,
            HasGradient = gradient,
        }.Input(4, 2, 2).Weight(directions, gates * Hidden, 2).Weight(directions, gates * Hidden, Hidden).Weight(directions, 2 * gates * Hidden);
}
