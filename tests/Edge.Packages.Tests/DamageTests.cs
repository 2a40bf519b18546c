using Edge.Testing;

namespace Edge.Packages.Tests;

/// <summary>Packages that an accident or an attacker has changed.</summary>
public sealed class DamageTests
{
    private static readonly string[] Entries = ["manifest.json", "golden/0.input", "golden/0.output", "labels.txt", "model.onnx"];

    [Fact]
    public void Read_AnyByteFlipped_IsRefused()
    {
        using SigningKey key = SigningKey.Generate();
        PackageTrust trust = PackageTrust.Keys(key.Public);
        byte[] good = Sample.Bytes(key);
        Package.Read(good, "p", trust);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= (byte)(1 << (i % 8));
            Sample.Refused(bad, trust);
        }
    }

    [Fact]
    public void Read_AnyByteFlippedUnsigned_IsRefused()
    {
        byte[] good = Sample.Bytes();
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0xff;
            Sample.Refused(bad);
        }
    }

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        byte[] good = Sample.Bytes();
        for (int length = 0; length < good.Length; length++)
        {
            Sample.Refused(good[..length]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Read_ByteAddedInFrontOrBehind_IsRefused(int where)
    {
        byte[] good = Sample.Bytes();
        Sample.Refused(where == 0 ? [0, .. good] : [.. good, 0]);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../evil")]
    [InlineData("a\\evil")]
    [InlineData("./evil")]
    [InlineData("evil/")]
    [InlineData("C:evil")]
    [InlineData("e\u0001vil")]
    public void Read_HostilePath_IsRefused(string path)
    {
        byte[] bytes = Sample.Archive(("manifest.json", [1]), (path, [2]));
        Assert.Contains("path that a package may not hold", Sample.Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PathTooLong_IsRefused()
    {
        byte[] bytes = new byte[70_000];
        bytes.AsSpan().Fill((byte)'a');
        ArchiveLayout.WriteLocalHeader(bytes, "a", 0, 0);
        BitConverter.TryWriteBytes(bytes.AsSpan(26), (ushort)60_000);
        Assert.Contains("path that a package may not hold", Sample.Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("MODEL.onnx")]
    [InlineData("manifest.sig")]
    public void Read_EntryAddedOrTwice_IsRefused(string extra)
    {
        Package package = Package.Read(Sample.Bytes(), "sample", PackageTrust.AllowUnsigned);
        var entries = new List<(string, byte[])> { ("manifest.json", package.ManifestBytes.ToArray()) };
        entries.AddRange(package.Files.Select(f => (f.Path, package.ReadFile(f.Path).ToArray())));
        Package.Read(Sample.Archive([.. entries]), "p", PackageTrust.AllowUnsigned);
        entries.Add((extra, [1]));
        Sample.Refused(Sample.Archive([.. entries]));
    }

    [Fact]
    public void Read_AnyEntryMissing_IsRefused()
    {
        Package package = Package.Read(Sample.Bytes(), "sample", PackageTrust.AllowUnsigned);
        (string, byte[])[] all = [("manifest.json", package.ManifestBytes.ToArray()), .. package.Files.Select(f => (f.Path, package.ReadFile(f.Path).ToArray()))];
        Assert.Equal(Entries, all.Select(e => e.Item1));
        for (int i = 0; i < all.Length; i++)
        {
            Sample.Refused(Sample.Archive([.. all[..i], .. all[(i + 1)..]]));
        }
    }

    [Fact]
    public void Read_EntriesInAnotherOrder_IsRefused()
    {
        Package package = Package.Read(Sample.Bytes(), "sample", PackageTrust.AllowUnsigned);
        Sample.Refused(Sample.Archive([("manifest.json", package.ManifestBytes.ToArray()), .. package.Files.Reverse().Select(f => (f.Path, package.ReadFile(f.Path).ToArray()))]));
    }

    [Fact]
    public void Read_CompressedEntry_SaysWhatToDo()
    {
        using var stream = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("manifest.json", System.IO.Compression.CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[1 << 20]);
        }
        Assert.Contains("`edge package`", Sample.Refused(stream.ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EntrySaysItIsHuge_IsRefusedWithoutAllocating()
    {
        byte[] bytes = Sample.Bytes();
        BitConverter.TryWriteBytes(bytes.AsSpan(18), uint.MaxValue);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), uint.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("should have 4294967295 bytes", Sample.Refused(bytes).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Read_MoreEntriesThanAllowed_IsRefused() =>
        Assert.Contains("more than 3 entries", Sample.Refused(Sample.Bytes(), limits: new PackageLimits { MaxEntries = 3 }).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_LimitsExceeded_IsRefused()
    {
        Sample.Refused(Sample.Bytes(), limits: new PackageLimits { MaxManifestBytes = 100 });
        Sample.Refused(Sample.Bytes(), limits: new PackageLimits { MaxPackageBytes = 100 });
        Sample.Refused(Sample.Bytes(), limits: new PackageLimits { MaxLabelBytes = 4 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello, I am a text file")]
    [InlineData("PK")]
    [InlineData("PK\u0003\u0004")]
    public void Read_NotAPackage_IsRefused(string text) => Sample.Refused(System.Text.Encoding.ASCII.GetBytes(text));

    [Fact]
    public void Read_EmptyArchive_IsRefused() => Sample.Refused(Sample.Archive());

    [Theory]
    [InlineData("a\n\nb\n")]
    [InlineData("a\tb\n")]
    [InlineData("\n")]
    public void Write_BadLabels_Throws(string labels) =>
        Assert.Throws<PackageException>(() => PackageWriter.ToBytes(Sample.Manifest, [Sample.Files[0], .. Sample.Files.Skip(2), new PackageContent("labels.txt", System.Text.Encoding.UTF8.GetBytes(labels))]));

    [Fact]
    public void Write_LabelsNotUtf8_Throws() =>
        Assert.Throws<PackageException>(() => PackageWriter.ToBytes(Sample.Manifest, [Sample.Files[0], .. Sample.Files.Skip(2), new PackageContent("labels.txt", new byte[] { 0xc3, 0x28 })]));

    [Fact]
    public void Read_TwentyThousandMutations_ThrowNothingButPackageException()
    {
        var random = new Random(20_000);
        byte[] archive = Sample.Bytes();
        string manifest = System.Text.Encoding.UTF8.GetString(Package.Read(archive, "p", PackageTrust.AllowUnsigned).ManifestBytes.Span);
        var damage = new ByteMutator("null"u8.ToArray(), "-1"u8.ToArray(), "[["u8.ToArray(), "99999999999"u8.ToArray(), "PK\x01\x02"u8.ToArray(), "PK\x03\x04"u8.ToArray(), "PK\x05\x06"u8.ToArray(), [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0]);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            // Half of them break the archive, half put a broken manifest into a sound one.
            byte[] bytes = i % 2 == 0
                ? damage.Mutate(archive, random)
                : Sample.Archive([("manifest.json", damage.Mutate(System.Text.Encoding.UTF8.GetBytes(manifest), random)), .. Sample.Files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => (f.Path, f.Bytes.ToArray()))]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Package.Read(bytes, "p", PackageTrust.AllowUnsigned);
            }
            catch (PackageException)
            {
                refused++;
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000, $"case {i} allocated too much");
        }
        Assert.InRange(refused, 10_000, 20_000);
    }
}
