using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Edge.Packages;

/// <summary>A version by the rules of semver.org 2.0.0: <c>major.minor.patch[-prerelease][+build]</c>, at most 64 characters.</summary>
/// <param name="Major">Incompatible changes.</param>
/// <param name="Minor">Compatible additions.</param>
/// <param name="Patch">Compatible repairs.</param>
/// <param name="Prerelease">Dot-separated identifiers, or empty. A prerelease comes before its release.</param>
/// <param name="Build">Dot-separated identifiers, or empty. Without meaning for the order.</param>
public sealed record SemanticVersion(int Major, int Minor, int Patch, string Prerelease = "", string Build = "") : IComparable<SemanticVersion>
{
    private const int MaxLength = 64;

    /// <summary>The version of this runtime.</summary>
    public static SemanticVersion Runtime { get; } = OfThisAssembly();

    /// <summary>Reads a version.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version, if the text is one.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        if (text is null || text.Length is 0 or > MaxLength)
        {
            return false;
        }
        string rest = text, build = "", prerelease = "";
        if (rest.IndexOf('+', StringComparison.Ordinal) is int plus and >= 0)
        {
            (rest, build) = (rest[..plus], rest[(plus + 1)..]);
            if (!AreIdentifiers(build, numbersAreCanonical: false))
            {
                return false;
            }
        }
        if (rest.IndexOf('-', StringComparison.Ordinal) is int dash and >= 0)
        {
            (rest, prerelease) = (rest[..dash], rest[(dash + 1)..]);
            if (!AreIdentifiers(prerelease, numbersAreCanonical: true))
            {
                return false;
            }
        }
        string[] numbers = rest.Split('.');
        if (numbers.Length == 3 && TryNumber(numbers[0], out int major) && TryNumber(numbers[1], out int minor) && TryNumber(numbers[2], out int patch))
        {
            version = new SemanticVersion(major, minor, patch, prerelease, build);
        }
        return version is not null;
    }

    /// <inheritdoc/>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }
        int order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return order != 0 ? order : ComparePrerelease(Prerelease, other.Prerelease);
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        $"{Major}.{Minor}.{Patch}{(Prerelease.Length > 0 ? "-" + Prerelease : "")}{(Build.Length > 0 ? "+" + Build : "")}";

    /// <summary>Order of precedence.</summary>
    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    /// <summary>Order of precedence.</summary>
    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    /// <summary>Order of precedence.</summary>
    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Order of precedence.</summary>
    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    private static SemanticVersion OfThisAssembly()
    {
        Version version = typeof(SemanticVersion).Assembly.GetName().Version ?? new Version(0, 0, 0);
        return new SemanticVersion(version.Major, version.Minor, Math.Max(version.Build, 0));
    }

    private static int ComparePrerelease(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }
        string[] a = left.Split('.'), b = right.Split('.');
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            bool aIsNumber = IsNumeric(a[i]), bIsNumber = IsNumeric(b[i]);
            int order = (aIsNumber, bIsNumber) switch
            {
                // Canonical numbers: the longer one is the larger one.
                (true, true) when a[i].Length != b[i].Length => a[i].Length.CompareTo(b[i].Length),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(a[i], b[i]),
            };
            if (order != 0)
            {
                return order;
            }
        }
        return a.Length.CompareTo(b.Length);
    }

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && (text.Length == 1 || text[0] != '0');

    private static bool IsNumeric(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool AreIdentifiers(string text, bool numbersAreCanonical)
    {
        foreach (string part in text.Split('.'))
        {
            bool leadingZero = part.Length > 1 && part[0] == '0' && IsNumeric(part);
            if (part.Length == 0 || (numbersAreCanonical && leadingZero))
            {
                return false;
            }
            foreach (char c in part)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }
        return true;
    }
}
