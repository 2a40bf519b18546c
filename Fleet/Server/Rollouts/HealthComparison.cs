using System.Globalization;

namespace Edge.Fleet.Rollouts;

/// <summary>How well devices do with a release beside how they did before, over those of which both are known.</summary>
internal sealed class HealthComparison
{
    private int _pairs;
    private double _errorsBefore;
    private double _errorsAfter;
    private double _latencyBefore;
    private double _latencyAfter;
    private double _drift;

    internal void Add(Member member) => Add(member, +1);

    internal void Remove(Member member) => Add(member, -1);

    /// <summary>Why the release does worse than it may; null where it does not.</summary>
    internal string? Regression(GateSpec gate)
    {
        if (_pairs == 0)
        {
            return null;
        }
        if (gate.MaximumErrorRise is { } rise && (_errorsAfter - _errorsBefore) / _pairs > rise + 1e-9)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{100 * _errorsAfter / _pairs:0.##} % of frames fail, {100 * _errorsBefore / _pairs:0.##} % did before");
        }
        if (gate.MaximumLatencyRatio is { } ratio && _latencyBefore > 0 && _latencyAfter > (ratio * _latencyBefore) + 1e-9)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the 95th percentile of latency is {_latencyAfter / _pairs:0.##} ms, it was {_latencyBefore / _pairs:0.##} ms before");
        }
        return gate.MaximumDrift is { } drift && _drift / _pairs > drift + 1e-9
            ? string.Create(CultureInfo.InvariantCulture, $"results have drifted by {_drift / _pairs:0.###}, at most {drift:0.###} is allowed")
            : null;
    }

    private void Add(Member member, int sign)
    {
        if (member is not { Before: { } before, After: { } after })
        {
            return;
        }
        _pairs += sign;
        _errorsBefore += sign * before.ErrorRate;
        _errorsAfter += sign * after.ErrorRate;
        _latencyBefore += sign * before.LatencyP95;
        _latencyAfter += sign * after.LatencyP95;
        _drift += sign * after.Drift;
        if (_pairs == 0)
        {
            // Sums of floating-point numbers do not come back to zero by themselves.
            (_errorsBefore, _errorsAfter, _latencyBefore, _latencyAfter, _drift) = (0, 0, 0, 0, 0);
        }
    }
}
