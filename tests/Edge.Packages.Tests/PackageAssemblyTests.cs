namespace Edge.Packages.Tests;

public sealed class PackageAssemblyTests
{
    [Fact]
    public void WriteHeaders_ChunksInTheirPlaces_GiveTheVeryFileThatWasPackaged()
    {
        using SigningKey key = SigningKey.Generate();
        byte[] bytes = Sample.Bytes(key);
        Package package = Package.Read(bytes, "p", PackageTrust.Keys(key.Public));
        PackageAssembly assembly = PackageAssembly.Plan(package.ManifestBytes, package.Signature, PackageTrust.Keys(key.Public));
        Assert.Equal(bytes.Length, assembly.Length);
        using var file = new MemoryStream();
        file.SetLength(assembly.Length);
        foreach (PlacedChunk chunk in assembly.Chunks.Reverse())
        {
            Assert.False(PackageAssembly.Holds(file, chunk));
            file.Position = chunk.Offset;
            file.Write(bytes, (int)chunk.Offset, chunk.Length);
            Assert.True(PackageAssembly.Holds(file, chunk));
        }
        assembly.WriteHeaders(file);
        Assert.Equal(bytes, file.ToArray());
    }

    [Fact]
    public void Plan_ManifestOfAnotherSigner_IsRefusedBeforeItIsRead()
    {
        using SigningKey key = SigningKey.Generate();
        PackageException error = Assert.Throws<PackageException>(() => PackageAssembly.Plan("{}"u8.ToArray(), new byte[8], PackageTrust.Keys(key.Public)));
        Assert.Contains("manifest.sig was not made by", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ManifestThatClaimsTooMuch_IsRefused()
    {
        using SigningKey key = SigningKey.Generate();
        Package package = Package.Read(Sample.Bytes(key), "p", PackageTrust.Keys(key.Public));
        var limits = new PackageLimits { MaxPackageBytes = 100 };
        PackageException error = Assert.Throws<PackageException>(() => PackageAssembly.Plan(package.ManifestBytes, package.Signature, PackageTrust.Keys(key.Public), limits));
        Assert.Contains("more than a package may have (100)", error.Message, StringComparison.Ordinal);
    }
}
