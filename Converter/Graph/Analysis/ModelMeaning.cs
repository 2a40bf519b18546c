namespace Edge.Graph.Analysis;

/// <summary>
/// Guesses what a model is for and what its inputs and outputs hold, from names, shapes and the nodes at both ends.
/// A guess is a hint for people and a default for tools; each says how sure it is and why.
/// </summary>
public static class ModelMeaning
{
    /// <summary>Guesses.</summary>
    /// <param name="model">The model, its shapes inferred.</param>
    /// <returns>Guesses about inputs in order, then about outputs in order, then about the model, the most certain first.</returns>
    public static IReadOnlyList<Guess> Of(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var facts = new ModelFacts(model);
        Guess[] states = [.. StatePairs.Find(facts)];
        var about = new List<Guess>();
        foreach (Value input in facts.Inputs)
        {
            if (Array.Find(states, guess => guess.About == input.Name) is { } state)
            {
                about.Add(state);
            }
            else if (InputMeaning.Of(input, facts, out PictureSize? picture) is { } guess)
            {
                facts.Picture ??= picture;
                about.Add(guess);
            }
        }
        Guess[] detectors = [.. DetectorFamilies.Find(facts)];
        foreach (Value output in facts.Outputs)
        {
            Guess? guess = Array.Find(states, guess => guess.About == output.Name)
                ?? Array.Find(detectors, guess => guess.About == output.Name)
                ?? OutputMeaning.Of(output, facts);
            if (guess is not null)
            {
                about.Add(guess);
            }
        }
        IEnumerable<Guess> whole = detectors.Concat(ModelKinds.Find(facts, about)).Where(guess => guess.About is null);
        return [.. about, .. whole.OrderByDescending(guess => guess.Certainty)];
    }
}
