using Edge.Testing;

namespace Edge.Foundation.Tests;

public sealed class AtomicFileTests
{
    [Fact]
    public void Write_NewFile_HoldsContentAndLeavesNothingElse()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteAllText(folder["a.txt"], "hello");
        Assert.Equal("hello", File.ReadAllText(folder["a.txt"]));
        Assert.Equal([folder["a.txt"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_WriterThrows_OldFileStaysAndNoTemporaryIsLeft()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteAllText(folder["a.txt"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("half of the new"u8);
            throw new InvalidOperationException("disk on fire");
        }));
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_PrivateMode_FileIsReadableByOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteAllBytes(folder["key"], new byte[] { 1 }, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["key"]));
    }

    [Fact]
    public void Write_FolderMissing_Throws()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteAllText(folder["no/such/a.txt"], ""));
    }
}
