namespace Edge.Training.Data;

/// <summary>Which row says what a window is.</summary>
public enum WindowLabel
{
    /// <summary>The last: what is known when the window is complete.</summary>
    Last,

    /// <summary>The class that most rows have, the smallest number of equals; for values the mean.</summary>
    Majority,
}
