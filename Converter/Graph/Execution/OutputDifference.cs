using System.Globalization;

namespace Edge.Graph.Execution;

/// <summary>How far one output of two models lies apart, over all inputs that were tried.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Elements">How many elements were compared.</param>
/// <param name="Outside">How many of them lie outside the tolerance.</param>
/// <param name="MaximumAbsolute">The largest <c>|a − b|</c>.</param>
/// <param name="Excess">The largest <c>|a − b| / (absolute + relative · |b|)</c>: above 1 is outside the tolerance.</param>
/// <param name="Actual">The element with the largest excess, in the second model.</param>
/// <param name="Expected">The same in the first.</param>
/// <param name="Index">Where it stands in its tensor, in C order.</param>
public sealed record OutputDifference(string Output, long Elements, long Outside, double MaximumAbsolute, double Excess, double Actual, double Expected, long Index)
{
    /// <summary><c>output 'boxes': 3 of 17680 elements outside the tolerance; element 12 is 0.5, 0.4 is expected</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"output '{Output}': {Outside} of {Elements} elements outside the tolerance; element {Index} is {Actual:G7}, {Expected:G7} is expected");
}
