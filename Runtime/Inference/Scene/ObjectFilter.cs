namespace Edge.Inference;

/// <summary>Which tracked objects count.</summary>
public sealed record ObjectFilter
{
    /// <summary>The classes that count, by number; empty for all.</summary>
    public IReadOnlyList<int> Classes { get; set; } = [];

    /// <summary>The least score; 0 to 1.</summary>
    public float MinimumScore { get; set; }

    /// <summary>The least area of the box as a share of the picture's; 0 to 1.</summary>
    public float MinimumArea { get; set; }

    /// <summary>The largest area of the box as a share of the picture's; 0 to 1.</summary>
    public float MaximumArea { get; set; } = 1;

    /// <summary>Checks every field.</summary>
    /// <param name="where">What messages call the filter.</param>
    /// <exception cref="InferenceException">A field is out of range; the message names it.</exception>
    public void Validate(string where)
    {
        SceneOptions.Require(MinimumScore is >= 0 and <= 1, $"{where}.minimumScore", "must be 0 to 1");
        SceneOptions.Require(MinimumArea is >= 0 and <= 1, $"{where}.minimumArea", "must be 0 to 1");
        SceneOptions.Require(MaximumArea <= 1 && MaximumArea >= MinimumArea, $"{where}.maximumArea", "must be minimumArea to 1");
        foreach (int number in Classes)
        {
            SceneOptions.Require(number >= 0, $"{where}.classes", "must be class numbers from 0");
        }
    }

    /// <summary>Does one of the filters admit an object? Where there is none, every object counts.</summary>
    /// <param name="filters">The filters.</param>
    /// <param name="classNumber">Its class.</param>
    /// <param name="score">Its score.</param>
    /// <param name="area">The area of its box as a share of the picture's.</param>
    public static bool Admit(IReadOnlyList<ObjectFilter> filters, int classNumber, float score, float area)
    {
        ArgumentNullException.ThrowIfNull(filters);
        for (int i = 0; i < filters.Count; i++)
        {
            if (filters[i].Admits(classNumber, score, area))
            {
                return true;
            }
        }
        return filters.Count == 0;
    }

    internal static void Validate(IReadOnlyList<ObjectFilter> filters, string where)
    {
        SceneOptions.Require(filters.Count <= 64, where, "must be at most 64");
        for (int i = 0; i < filters.Count; i++)
        {
            filters[i].Validate($"{where}[{i}]");
        }
    }

    /// <summary>Does an object count?</summary>
    /// <param name="classNumber">Its class.</param>
    /// <param name="score">Its score.</param>
    /// <param name="area">The area of its box as a share of the picture's.</param>
    public bool Admits(int classNumber, float score, float area)
    {
        if (score < MinimumScore || area < MinimumArea || area > MaximumArea)
        {
            return false;
        }
        for (int i = 0; i < Classes.Count; i++)
        {
            if (Classes[i] == classNumber)
            {
                return true;
            }
        }
        return Classes.Count == 0;
    }
}
