namespace Edge.Runtime.Pipelines;

/// <summary>Wakes the pipelines that wait for a change of an input or for a reading. Thread-safe; without allocations.</summary>
/// <param name="pipelines">The pipelines of the moment.</param>
internal sealed class Triggers(Func<Pipeline[]> pipelines)
{
    /// <summary>An input changed.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="isActive">Whether it is active now.</param>
    internal void OnChange(string input, bool isActive)
    {
        foreach (Pipeline pipeline in pipelines())
        {
            if (pipeline.Config.Trigger is { } trigger && trigger.IsMetBy(input, isActive))
            {
                pipeline.Wake();
            }
        }
    }

    /// <summary>A pipeline of readings has a new one.</summary>
    /// <param name="source">The pipeline's name.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="values">One a column; NaN where one is missing.</param>
    internal void OnReading(string source, IReadOnlyList<string> columns, ReadOnlySpan<float> values)
    {
        foreach (Pipeline pipeline in pipelines())
        {
            if (pipeline.Config.Trigger is { } trigger && trigger.Pipeline == source)
            {
                for (int i = 0; i < values.Length; i++)
                {
                    if (string.Equals(columns[i], trigger.Column, StringComparison.OrdinalIgnoreCase) && trigger.IsMetBy(values[i]))
                    {
                        pipeline.Wake();
                    }
                }
            }
        }
    }
}
