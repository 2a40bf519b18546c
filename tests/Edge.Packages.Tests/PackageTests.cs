using System.IO.Compression;
using System.Security.Cryptography;
using Edge.Testing;

namespace Edge.Packages.Tests;

public sealed class PackageTests
{
    [Fact]
    public void Open_WrittenPackage_GivesBackEverything()
    {
        using var folder = new TemporaryFolder();
        using SigningKey key = SigningKey.Generate();
        Manifest written = PackageWriter.Write(folder["a.edgepkg"], Sample.Manifest, Sample.Files, key);
        Package package = Package.Open(folder["a.edgepkg"], PackageTrust.Keys(key.Public));
        Assert.Equal("fashion-convnet-1.2.0.edgepkg", package.Manifest.FileName());
        Assert.Equal(written.ToUtf8(), package.ManifestBytes.ToArray());
        Assert.Equal(written.ToUtf8(), package.Manifest.ToUtf8());
        Assert.Equal("not really a model"u8.ToArray(), package.Model.ToArray());
        Assert.Equal(["T-shirt", "Trouser", "Pullover"], package.Labels);
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, package.ReadFile("golden/0.input").ToArray());
        Assert.Equal(["golden/0.input", "golden/0.output", "labels.txt", "model.onnx"], package.Files.Select(f => f.Path));
        Assert.Equal(key.Public.Fingerprint, package.SignedBy?.Fingerprint);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes() => Assert.Equal(Sample.Bytes(), Sample.Bytes());

    [Fact]
    public void Write_FilesInAnotherOrder_GivesTheSameBytes() =>
        Assert.Equal(Sample.Bytes(), PackageWriter.ToBytes(Sample.Manifest, [.. Sample.Files.Reverse()]));

    [Fact]
    public void Write_SignedTwice_DiffersInSignatureOnly()
    {
        using SigningKey key = SigningKey.Generate();
        Package a = Package.Read(Sample.Bytes(key), "a", PackageTrust.Keys(key.Public));
        Package b = Package.Read(Sample.Bytes(key), "b", PackageTrust.Keys(key.Public));
        Assert.Equal(a.ManifestBytes.ToArray(), b.ManifestBytes.ToArray());
        Assert.NotEqual(a.Signature.ToArray(), b.Signature.ToArray());
    }

    [Fact]
    public void Write_Package_IsAZipThatOthersRead()
    {
        using var archive = new ZipArchive(new MemoryStream(Sample.Bytes()));
        Assert.Equal(["manifest.json", "golden/0.input", "golden/0.output", "labels.txt", "model.onnx"], archive.Entries.Select(e => e.FullName));
        using var reader = new StreamReader(archive.GetEntry("model.onnx")!.Open());
        Assert.Equal("not really a model", reader.ReadToEnd());
        Assert.Equal(new DateTime(1980, 1, 1), archive.Entries[0].LastWriteTime.DateTime);
    }

    [Fact]
    public void Write_WithoutModel_Throws() =>
        Assert.Throws<PackageException>(() => PackageWriter.ToBytes(Sample.Manifest, [.. Sample.Files.Skip(1)]));

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("a//b")]
    [InlineData("manifest.json")]
    [InlineData("MODEL.ONNX")]
    [InlineData("Labels.txt")]
    public void Write_BadPath_ThrowsAndLeavesNothing(string path)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() =>
            PackageWriter.Write(folder["a.edgepkg"], Sample.Manifest, [.. Sample.Files, new PackageContent(path, new byte[1])]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Open_NoSuchFile_SaysSo()
    {
        var exception = Assert.Throws<PackageException>(() => Package.Open("/no/such.edgepkg", PackageTrust.AllowUnsigned));
        Assert.Equal("/no/such.edgepkg: the package cannot be read (no such file)", exception.Message);
    }

    [Fact]
    public void Open_Folder_Throws()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<PackageException>(() => Package.Open(folder.Path, PackageTrust.AllowUnsigned));
    }

    [Fact]
    public void Open_LargerThanTheLimit_IsNotRead()
    {
        using var folder = new TemporaryFolder();
        using (FileStream stream = File.Create(folder["huge"]))
        {
            stream.SetLength(5L << 30);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<PackageException>(() => Package.Open(folder["huge"], PackageTrust.AllowUnsigned));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Read_UnknownFieldsInManifest_AreIgnored()
    {
        byte[] bytes = Sample.WithManifest(json => json.Replace("\"release\": 7,", "\"release\": 7, \"color\": {\"of\": [\"the\", 1]},", StringComparison.Ordinal));
        Assert.Equal(7, Package.Read(bytes, "p", PackageTrust.AllowUnsigned).Manifest.Release);
    }

    [Theory]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2, \"input\": 5", "update the runtime")]
    [InlineData("\"minimumRuntime\": \"0.1.0\"", "\"minimumRuntime\": \"99.0.0\"", "needs runtime 99.0.0 or newer")]
    [InlineData("\"release\": 7", "\"release\": 0", "release must be 1 or more")]
    [InlineData("\"release\": 7", "\"release\": \"7\"", "line 5: 'release'")]
    [InlineData("\"release\": 7", "\"release\": 99999999999999999999", "'release'")]
    [InlineData("\"release\": 7,", "", "release")]
    [InlineData("fashion-convnet", "Fashion", "name must be")]
    [InlineData("\"name\": \"fashion-convnet\"", "\"name\": null", "name")]
    [InlineData("\"1.2.0\"", "\"1.2\"", "version must be")]
    [InlineData("\"classify\"", "\"juggle\"", "'task'")]
    [InlineData("\"classify\"", "0", "'task'")]
    [InlineData("\"width\": 28", "\"width\": -1", "input.width")]
    [InlineData("\"width\": 28", "\"width\": 28.5", "'input.width'")]
    [InlineData("\"channels\": 1", "\"channels\": 3", "input.colorOrder")]
    [InlineData("\"nchw\"", "\"chwn\"", "'input.layout'")]
    [InlineData("\"float32\"", "\"uint8\"", "input.std")]
    [InlineData("\"topK\": 3", "\"topK\": 0", "output.topK")]
    [InlineData("golden/0.input\",\n", "golden/9.input\",\n", "golden")]
    [InlineData("\"size\": 18", "\"size\": 17", "model.onnx")]
    [InlineData("\"length\": 18", "\"length\": 0", "chunks")]
    [InlineData("\"path\": \"model.onnx\"", "\"path\": \"../model.onnx\"", "not a path")]
    [InlineData("\"path\": \"model.onnx\"", "\"path\": \"labels.txt\"", "twice")]
    [InlineData("{", "[", "not a manifest")]
    public void Read_WrongManifest_NamesTheField(string from, string to, string expected)
    {
        byte[] bytes = Sample.WithManifest(json => ReplaceFirst(json, from, to));
        Assert.Contains(expected, Sample.Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HashInManifestDiffers_IsRefused()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData("not really a model"u8));
        byte[] fileOnly = Sample.WithManifest(json => ReplaceFirst(json, $"\"sha256\": \"{hash}\"", $"\"sha256\": \"{new string('0', 64)}\""));
        Assert.Contains("SHA-256 differs", Sample.Refused(fileOnly).Message, StringComparison.Ordinal);
        int chunk = 0;
        byte[] chunkOnly = Sample.WithManifest(json =>
        {
            chunk = json.LastIndexOf(hash, StringComparison.Ordinal);
            return json[..chunk] + new string('0', 64) + json[(chunk + 64)..];
        });
        Assert.Contains("SHA-256 differs", Sample.Refused(chunkOnly).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_Unknown_NamesIt()
    {
        Package package = Package.Read(Sample.Bytes(), "p", PackageTrust.AllowUnsigned);
        Assert.Contains("'notes.md'", Assert.Throws<PackageException>(() => package.ReadFile("notes.md")).Message, StringComparison.Ordinal);
    }

    private static string ReplaceFirst(string text, string from, string to)
    {
        int at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the sample's manifest holds no {from}");
        return text[..at] + to + text[(at + from.Length)..];
    }
}
