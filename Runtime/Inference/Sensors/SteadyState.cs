namespace Edge.Inference.Sensors;

/// <summary>
/// A class that does not flicker: another one takes its place only where it is surer by a margin, and stays so for a while.
/// One thread at a time.
/// </summary>
/// <param name="hysteresis">By how much another class must be surer, 0 to 1.</param>
/// <param name="minimum">How long it must stay so; zero for at once.</param>
public sealed class SteadyState(float hysteresis, TimeSpan minimum)
{
    private int _candidate = -1;
    private long _candidateSince;

    /// <summary>The class that holds; −1 before the first.</summary>
    public int Class { get; private set; } = -1;

    /// <summary>Since when it holds, in ticks of 100 ns.</summary>
    public long Since { get; private set; }

    /// <summary>Hears of a result.</summary>
    /// <param name="time">When the newest of its readings was taken, in ticks of 100 ns.</param>
    /// <param name="probabilities">One a class.</param>
    /// <returns>Whether another class holds from here on.</returns>
    public bool Update(long time, ReadOnlySpan<float> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        bool isSurer = best != Class && (Class < 0 || probabilities[best] >= probabilities[Class] + hysteresis);
        if (!isSurer)
        {
            _candidate = -1;
            return false;
        }
        if (best != _candidate || time < _candidateSince)
        {
            (_candidate, _candidateSince) = (best, time);
        }
        if (time - _candidateSince < minimum.Ticks)
        {
            return false;
        }
        (Class, Since, _candidate) = (best, _candidateSince, -1);
        return true;
    }
}
