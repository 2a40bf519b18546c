using Edge.Foundation;

namespace Edge.Runtime.Configuration;

/// <summary>What is wrong with a configuration, one line each: the field's path, what is wrong, what to do.</summary>
internal sealed class Problems
{
    /// <summary>More lines help nobody.</summary>
    private const int Most = 100;

    private readonly List<string> _lines = [];

    internal IReadOnlyList<string> Lines => _lines;

    internal int Count => _lines.Count;

    internal void Add(string line)
    {
        if (_lines.Count < Most)
        {
            _lines.Add(line);
        }
    }

    /// <summary>Adds a line unless the condition holds.</summary>
    /// <returns>The condition.</returns>
    internal bool Require(bool condition, string line)
    {
        if (!condition)
        {
            Add(line);
        }
        return condition;
    }

    /// <summary>A text that must be there and must not hold a zero character.</summary>
    internal bool RequireText(string text, string path) =>
        Require(text.Length > 0, $"{path}: empty: fill it in")
        && Require(!text.Contains('\0', StringComparison.Ordinal), $"{path}: holds a zero character: take it out");

    /// <summary>A text that may be absent.</summary>
    internal void RequireOptionalText(string? text, string path)
    {
        if (text is not null)
        {
            RequireText(text, path);
        }
    }

    /// <summary>A text of a list.</summary>
    internal bool RequireOneOf(string value, IReadOnlyList<string> known, string path)
    {
        foreach (string name in known)
        {
            if (name == value)
            {
                return true;
            }
        }
        Add($"{path}: \"{value}\": {(NearestName.Of(value, known) is { } nearest ? $"did you mean \"{nearest}\"?" : $"known are {string.Join(", ", known)}")}");
        return false;
    }

    /// <summary>Adds the message of an input error that the work throws.</summary>
    internal bool Try(string path, Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (InputException e)
        {
            Add($"{path}: {e.Message}");
            return false;
        }
    }
}
