namespace Edge.Graph.Analysis;

/// <summary>Guesses what a model as a whole is: classifier, stateful, recurrent, text, sound.</summary>
internal static class ModelKinds
{
    private static readonly string[] Recurrent = ["LSTM", "GRU", "RNN"];

    internal static IEnumerable<Guess> Find(ModelFacts facts, IReadOnlyList<Guess> about)
    {
        Guess[] results = [.. about.Where(guess => facts.Outputs.Any(output => output.Name == guess.About) && guess.Kind is "classes" or "probability" or "labels" or "class" or "embedding")];
        string subject = facts.Picture is not null ? "image " : Has(about, "audio") || Has(about, "spectrogram") ? "sound " : Has(about, "tokens") || Has(about, "text") ? "text " : "";
        if (results is [{ } result] && facts.Outputs.Count - about.Count(guess => guess.Kind == "state") / 2 <= 2)
        {
            yield return result.Kind == "embedding"
                ? new Guess(null, "embedder", $"{subject}embedding model", result.Certainty, $"output '{result.About}': {result.Reason}")
                : new Guess(null, "classifier", $"{subject}classifier: {result.Meaning}", result.Certainty, $"output '{result.About}': {result.Reason}");
        }
        string[] states = [.. about.Where(guess => guess.Kind == "state" && facts.Inputs.Any(input => input.Name == guess.About)).Select(guess => guess.About!)];
        if (states.Length > 0)
        {
            yield return new Guess(null, "stateful", $"stateful: works on a stream and hands on {string.Join(", ", states)} from run to run",
                about.First(guess => guess.Kind == "state").Certainty, "inputs and outputs that pair up");
        }
        string[] recurrent = [.. Recurrent.Where(facts.Operators.Contains)];
        if (recurrent.Length > 0)
        {
            yield return new Guess(null, "recurrent", $"recurrent: {string.Join(", ", recurrent)}", Certainty.Certain, "its operators");
        }
        if (Has(about, "tokens") || Has(about, "text"))
        {
            yield return new Guess(null, "text", "works on text", Certainty.Likely, "its inputs");
        }
        if (Has(about, "audio"))
        {
            yield return new Guess(null, "audio", "works on sound", about.First(guess => guess.Kind == "audio").Certainty, "its inputs");
        }
        if (facts.Operators.Contains("QuantizeLinear") || facts.Operators.Contains("QLinearConv") || facts.Operators.Contains("ConvInteger"))
        {
            yield return new Guess(null, "quantized", "quantized", Certainty.Certain, "its operators");
        }
    }

    private static bool Has(IReadOnlyList<Guess> about, string kind) => about.Any(guess => guess.Kind == kind);
}
