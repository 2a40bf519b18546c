namespace Edge.Inference;

/// <summary>Whether an object is in a zone, with the waiting times of entering and leaving.</summary>
internal struct ZoneStay
{
    private bool _wasInside;
    private bool _isLoitering;

    /// <summary>Has it entered, and not left?</summary>
    public bool IsInside { get; private set; }

    /// <summary>When it went in, for one that has entered or just left.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>When it last went in or out, whether or not that counted.</summary>
    public TimeSpan Changed { get; private set; }

    /// <summary>Takes in where the object is.</summary>
    /// <returns>True when it has entered or left by this.</returns>
    public bool Follow(bool isInside, TimeSpan time, ZoneOptions zone)
    {
        if (isInside != _wasInside)
        {
            (_wasInside, Changed) = (isInside, time);
        }
        if (isInside == IsInside || time - Changed < (isInside ? zone.EnterAfter : zone.LeaveAfter))
        {
            return false;
        }
        IsInside = isInside;
        if (isInside)
        {
            (Since, _isLoitering) = (Changed, false);
        }
        return true;
    }

    /// <summary>Is this the moment from which it loiters?</summary>
    public bool BecomesLoitering(TimeSpan time, TimeSpan after)
    {
        bool becomes = IsInside && !_isLoitering && after > TimeSpan.Zero && time - Since >= after;
        _isLoitering |= becomes;
        return becomes;
    }
}
