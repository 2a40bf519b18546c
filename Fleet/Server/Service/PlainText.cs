using System.Globalization;
using Edge.Fleet.Protocol;

namespace Edge.Fleet.Service;

/// <summary>Texts that devices wrote, made fit for the database, logs and terminals: one line, no control characters, not long.</summary>
internal static class PlainText
{
    /// <summary>The most characters that are kept of one text.</summary>
    internal const int Longest = 500;

    private const int HashLength = 64;

    /// <summary>The text without what could forge a line of a log or steer a terminal.</summary>
    internal static string? Of(string? text)
    {
        if (text is null || IsPlain(text))
        {
            return text;
        }
        return string.Create(Math.Min(text.Length, Longest), text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = IsPlain(source[i]) ? source[i] : '?';
            }
        });
    }

    /// <summary>A report with every text in it made plain; hashes that are none are left out.</summary>
    internal static ReportedState Of(ReportedState state) => state with
    {
        RuntimeVersion = Of(state.RuntimeVersion)!,
        Boot = Of(state.Boot),
        Refused = Of(state.Refused),
        Packages = [.. state.Packages.Select(package => package with
        {
            Running = Of(package.Running),
            RunningManifest = Hash(package.RunningManifest),
            Previous = Of(package.Previous),
            Target = Of(package.Target),
            TargetManifest = Hash(package.TargetManifest),
            Waiting = Of(package.Waiting),
            Error = Of(package.Error),
        })],
    };

    private static ModelReference? Of(ModelReference? model) =>
        model is null || (IsPlain(model.Name) && IsPlain(model.Version)) ? model : model with { Name = Of(model.Name)!, Version = Of(model.Version)! };

    private static string? Hash(string? text) => text is { Length: HashLength } && IsPlain(text) ? text : null;

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (!IsPlain(c))
            {
                return false;
            }
        }
        return text.Length <= Longest;
    }

    // Format characters turn the order of letters around; a surrogate may be one half of nothing.
    private static bool IsPlain(char c) => c is >= ' ' and <= '~'
        || char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
