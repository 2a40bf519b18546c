namespace Edge.Packages;

/// <summary>Why a file cannot be read, in the same words whatever messages the runtime was built with.</summary>
internal static class FileProblem
{
    /// <summary>A few words on a failure of the file system.</summary>
    internal static string Describe(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        UnauthorizedAccessException => "no permission, or a folder",
        NotSupportedException => "not a regular file",
        EndOfStreamException => "it changed while it was read",
        _ => PackagePath.Plain(exception.Message, 100),
    };
}
