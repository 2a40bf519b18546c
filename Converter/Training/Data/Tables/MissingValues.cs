namespace Edge.Training.Data;

/// <summary>What is done about a number that a table does not have.</summary>
public enum MissingValues
{
    /// <summary>The table is refused.</summary>
    Refuse,

    /// <summary>The row is left out; no window reaches over it.</summary>
    Drop,

    /// <summary>The column's last number of the same group stands in; rows before the first are left out.</summary>
    ForwardFill,

    /// <summary>The mean of the training part stands in: the value stays NaN until it is normalised, and is 0 then.</summary>
    Mean,

    /// <summary>A given number stands in.</summary>
    Constant,
}
