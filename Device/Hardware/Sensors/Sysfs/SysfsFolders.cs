namespace Edge.Hardware.Sensors.Sysfs;

/// <summary>Lists folders and files of the kernel in ordinal order; what is not there is empty.</summary>
internal static class SysfsFolders
{
    internal static string[] List(string folder, string pattern) => Sorted(() => Directory.GetDirectories(folder, pattern));

    internal static string[] Files(string folder, string pattern) => Sorted(() => Directory.GetFiles(folder, pattern));

    private static string[] Sorted(Func<string[]> list)
    {
        try
        {
            string[] found = list();
            Array.Sort(found, StringComparer.Ordinal);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
