namespace Edge.Cli.Explaining;

/// <summary>Explains samples of one kind.</summary>
internal interface IExplainer
{
    /// <summary>The feature map that is looked at; null where none is.</summary>
    string? Layer => null;

    /// <summary>Explains one sample.</summary>
    /// <param name="index">Its number in the data set.</param>
    /// <param name="target">The class that is explained.</param>
    /// <param name="facts">What is known of it.</param>
    /// <returns>The facts with the explanation.</returns>
    Explanation Explain(int index, int target, Explanation facts);
}
