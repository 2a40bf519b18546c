using System.IO.Enumeration;

namespace Edge.Training.Optimizers;

/// <summary>Weights with settings of their own: discriminative learning rates (Howard and Ruder 2018).</summary>
/// <param name="Match">Names of initializers; <c>*</c> stands for any characters, <c>?</c> for one.</param>
/// <param name="Rate">Multiplies the learning rate; 0 leaves the weights as they are.</param>
/// <param name="Decay">Multiplies the weight decay.</param>
public sealed record ParameterGroup(string Match, double Rate = 1, double Decay = 1)
{
    /// <summary>Whether a name fits a pattern.</summary>
    /// <param name="pattern">With <c>*</c> and <c>?</c>.</param>
    /// <param name="name">The name; case matters.</param>
    public static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
