namespace Edge.Packages;

/// <summary>The one way a manifest's fields are refused.</summary>
internal static class Check
{
    /// <summary>Refuses a field unless the condition holds.</summary>
    /// <exception cref="PackageException">It does not hold.</exception>
    internal static void That(bool condition, string field, string rule)
    {
        if (!condition)
        {
            throw new PackageException($"{PackagePath.Manifest}: {field} {rule}");
        }
    }
}
