namespace Edge.Runtime.Configuration;

/// <summary>Checks the lines of the board and what they and readings wake.</summary>
internal static class GpioCheck
{
    private const int MaximumLines = 64;

    internal static readonly string[] Biases = ["asIs", "pullUp", "pullDown", "none"];

    private static readonly string[] Directions = [GpioConfig.Input, GpioConfig.Output];

    private static readonly string[] Changes = [TriggerConfig.Active, TriggerConfig.Inactive, TriggerConfig.Both];

    /// <summary>Checks the lines.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="names">The names that are taken; gets those of the lines.</param>
    /// <param name="problems">Gets what is wrong.</param>
    internal static void CheckLines(RuntimeConfig config, HashSet<string> names, Problems problems)
    {
        problems.Require(config.Gpio.Count <= MaximumLines, $"gpio: more than {MaximumLines}");
        var places = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < config.Gpio.Count; i++)
        {
            (GpioConfig line, string path) = (config.Gpio[i], $"gpio[{i}]");
            if (ConfigCheck.CheckName(line.Name, $"{path}.name", "gpio", problems) && ConfigCheck.CheckReserved(line.Name, path, problems))
            {
                problems.Require(names.Add(line.Name), $"{path}.name: \"{line.Name}\" is taken by another line or a pipeline: choose another name");
            }
            problems.RequireText(line.Chip, $"{path}.chip");
            problems.RequireText(line.Line, $"{path}.line");
            problems.Require(places.Add($"{Path.GetFileName(line.Chip)}\0{line.Line}"), $"{path}: {line.Chip} line {line.Line} is given twice: keep one");
            problems.RequireOneOf(line.Direction, Directions, $"{path}.direction");
            problems.RequireOneOf(line.Bias, Biases, $"{path}.bias");
            ConfigCheck.CheckRange(line.DebounceMilliseconds, 0, 60_000, $"{path}.debounceMilliseconds", problems);
            problems.Require(line.IsOutput || !line.Active, $"{path}.active: is the first level of an output: take it out, or give the direction output");
            problems.Require(!line.IsOutput || (line.DebounceMilliseconds == 0 && line.Bias == Biases[0]), $"{path}: bias and debounceMilliseconds are an input's: take them out");
        }
    }

    /// <summary>Checks what wakes a pipeline.</summary>
    internal static void CheckTrigger(RuntimeConfig config, PipelineConfig pipeline, string path, Problems problems)
    {
        if (pipeline.Trigger is not { } trigger)
        {
            return;
        }
        path += ".trigger";
        problems.Require(trigger.Gpio is null != trigger.Pipeline is null, $"{path}: give either gpio or pipeline");
        problems.RequireOneOf(trigger.On, Changes, $"{path}.on");
        ConfigCheck.CheckRange(trigger.Seconds, 0.1, 86_400, $"{path}.seconds", problems);
        if (trigger.Gpio is { } input)
        {
            string[] inputs = Names(config.Gpio, line => line.IsOutput ? null : line.Name);
            problems.Require(Array.IndexOf(inputs, input) >= 0, $"{path}.gpio: there is no input \"{input}\": {Known(inputs, "add it to gpio")}");
            problems.Require(trigger is { Column: null, Above: null, Below: null }, $"{path}: column, above and below belong to readings: take them out");
        }
        if (trigger.Pipeline is { } other)
        {
            string[] sources = Names(config.Pipelines, each => each.Source.IsReadings && each.Name != pipeline.Name ? each.Name : null);
            problems.Require(Array.IndexOf(sources, other) >= 0, $"{path}.pipeline: there is no other pipeline of readings \"{other}\": {Known(sources, "add one")}");
            problems.Require(trigger.Column is not null, $"{path}.column: missing: name the column that is watched");
            problems.RequireOptionalText(trigger.Column, $"{path}.column");
            problems.Require(trigger.Above is not null || trigger.Below is not null, $"{path}: give above, below or both");
            problems.Require(trigger.On == TriggerConfig.Active, $"{path}.on: is about changes of an input: take it out");
        }
    }

    private static string[] Names<T>(IReadOnlyList<T> items, Func<T, string?> name)
    {
        var names = new List<string>();
        foreach (T item in items)
        {
            if (name(item) is { } each)
            {
                names.Add(each);
            }
        }
        return [.. names];
    }

    private static string Known(string[] names, string otherwise) => names.Length > 0 ? $"known are {string.Join(", ", names)}" : otherwise;
}
