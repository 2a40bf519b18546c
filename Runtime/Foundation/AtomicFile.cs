using System.Runtime.InteropServices;

namespace Edge.Foundation;

/// <summary>
/// Files that are either the old one or the new one, whole, whatever happens in between:
/// write a temporary file beside it, fsync, rename over it, fsync the folder.
/// </summary>
public static class AtomicFile
{
    /// <summary>The end of every temporary name; a left-over of a crash may be deleted.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Writes a file through <paramref name="write"/> and puts it in place of <paramref name="path"/>.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="write">Writes the content. If it throws, <paramref name="path"/> is untouched and nothing is left behind.</param>
    /// <param name="mode">Permissions of the new file; by default what the process's umask gives.</param>
    /// <exception cref="IOException">The file cannot be written (folder missing, disk full, no permission).</exception>
    public static void Write(string path, Action<Stream> write, UnixFileMode? mode = null)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId:x}-{Environment.CurrentManagedThreadId:x}{TemporarySuffix}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = mode };
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        SyncDirectory(Path.GetDirectoryName(full)!);
    }

    /// <summary>Writes bytes in place of <paramref name="path"/>; see <see cref="Write(string, Action{Stream}, UnixFileMode?)"/>.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="mode">Permissions of the new file; by default what the process's umask gives.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> content, UnixFileMode? mode = null) =>
        Write(path, stream => stream.Write(content.Span), mode);

    /// <summary>Writes UTF-8 text (no byte-order mark) in place of <paramref name="path"/>.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteAllText(string path, string content) =>
        WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Makes the names in a folder durable: a rename is not, until its folder is synced.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The folder cannot be opened or synced.</exception>
    public static void SyncDirectory(string folder)
    {
        int descriptor = Libc.Open(folder, Libc.ReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        int result = Libc.Fsync(descriptor);
        string message = result == 0 ? "" : Marshal.GetLastPInvokeErrorMessage();
        _ = Libc.Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"{folder}: fsync: {message}");
        }
    }
}
