using System.IO.Compression;
using System.Text;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Packages;

namespace Edge.Agent.Tests;

/// <summary>What an attacker, or a mistake, may send: refused with the reason in the report, and the running release goes on.</summary>
public sealed class AttackTests : IDisposable
{
    private readonly TestFleet _fleet = new();

    [Fact]
    public async Task Desired_SignedBySomebodyElse_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        using SigningKey forger = SigningKey.Generate();
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        _fleet.Ask(_fleet.State(release.Release), forger);
        Refused(device, "not signed by a key of the fleet");
    }

    [Fact]
    public async Task Desired_SignedByThePackageKey_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        _fleet.Ask(_fleet.State(release.Release), _fleet.MakerKey);
        Refused(device, "not signed by a key of the fleet");
    }

    [Fact]
    public async Task Desired_WithOneByteChanged_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        DesiredMessage message = DesiredSigner.Sign(_fleet.State(release.Release), _fleet.FleetKey);
        message.Desired.Payload[^3] ^= 1;
        _fleet.Send(message.ToUtf8());
        Refused(device, "not signed by a key of the fleet");
    }

    [Fact]
    public async Task Desired_PlayedAgain_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease old = await _fleet.PublishAsync(_fleet.Write(2));
        byte[] first = DesiredSigner.Sign(_fleet.State(old.Release with { AllowDowngrade = true }), _fleet.FleetKey).ToUtf8();
        _fleet.Send(first);
        device.WaitFor(UpdatePhase.Committed, 2);
        _fleet.Ask(_fleet.State((await _fleet.PublishAsync(_fleet.Write(3))).Release));
        device.WaitFor(UpdatePhase.Committed, 3);
        _fleet.Send(first);
        Refused(device, "an old message was sent again", running: 3);
    }

    [Fact]
    public async Task Desired_ForAnotherDevice_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        _fleet.Ask(_fleet.State(release.Release) with { Device = "neighbour" });
        Refused(device, "is for the device neighbour");
        _fleet.Ask(_fleet.State(release.Release) with { Device = null, Group = "lorries" });
        Refused(device, "is for the group lorries");
        _fleet.Ask(_fleet.State(release.Release) with { Root = "elsewhere" });
        Refused(device, "of elsewhere");
    }

    [Fact]
    public async Task Desired_ForAGroupOfTheDevice_IsFollowed()
    {
        using var device = new TestDevice(_fleet, _fleet.Options() with { Groups = ["lorries"] });
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        _fleet.Ask(_fleet.State(release.Release) with { Device = null, Group = "lorries" });
        device.WaitFor(UpdatePhase.Committed, 2);
    }

    [Fact]
    public async Task Desired_OlderRelease_IsRefusedUnlessAllowed()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease old = await _fleet.PublishAsync(_fleet.Write(2));
        _fleet.Ask(_fleet.State((await _fleet.PublishAsync(_fleet.Write(5))).Release));
        device.WaitFor(UpdatePhase.Committed, 5);
        _fleet.Ask(_fleet.State(old.Release));
        device.WaitFor(UpdatePhase.Failed, 5);
        Assert.Contains("release 2 is older than release 5", device.Report.Error, StringComparison.Ordinal);
        _fleet.Ask(_fleet.State(old.Release with { AllowDowngrade = true }));
        device.WaitFor(UpdatePhase.Committed, 2);
    }

    [Fact]
    public async Task Desired_ForgedPackage_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        using SigningKey forger = SigningKey.Generate();
        string path = _fleet.Write(2, key: forger);
        PublishedRelease release = PublishedRelease.Open(path, PackageTrust.Keys(forger.Public));
        await new BlobPublisher(_fleet.Client, "edge").PublishAsync(release.Blobs, null, CancellationToken.None);
        _fleet.Ask(_fleet.State(release.Release));
        Failed(device, "manifest.sig was not made by");
    }

    [Fact]
    public async Task Desired_ManifestOfAnotherRelease_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        // A key of the fleet alone cannot pass an old release off as a new one.
        _fleet.Ask(_fleet.State(two.Release with { Release = 9, Version = "9.0.0" }));
        Failed(device, "asked for is model 9.0.0 (release 9)");
    }

    [Fact]
    public async Task Desired_PackageForANewerRuntime_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        string path = _fleet.Write(2, minimumRuntime: "0.1.0");
        PublishedRelease good = await _fleet.PublishAsync(path);
        string text = Encoding.UTF8.GetString(good.ManifestBytes.Span).Replace("\"minimumRuntime\": \"0.1.0\"", "\"minimumRuntime\": \"99.0.0\"", StringComparison.Ordinal);
        AskForManifest(Encoding.UTF8.GetBytes(text), good);
        Failed(device, "needs runtime 99.0.0");
    }

    [Theory]
    [InlineData("\"path\": \"model.onnx\"", "\"path\": \"../../etc/passwd\"", "is not a path that a package may hold")]
    [InlineData("\"path\": \"model.onnx\"", "\"path\": \"/etc/passwd\"", "is not a path that a package may hold")]
    [InlineData("\"path\": \"model.onnx\"", "\"path\": \"manifest.json\"", "must not be listed")]
    [InlineData("\"size\": 300000", "\"size\": 999999999999", "have 300000 bytes together")]
    public async Task Desired_SignedManifestWithHostileFiles_IsRefused(string find, string replace, string reason)
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease good = await _fleet.PublishAsync(_fleet.Write(2));
        string text = Encoding.UTF8.GetString(good.ManifestBytes.Span);
        Assert.Contains(find, text, StringComparison.Ordinal);
        AskForManifest(Encoding.UTF8.GetBytes(text.Replace(find, replace, StringComparison.Ordinal)), good);
        Failed(device, reason);
        Assert.Equal(["device.json", "model"], Directory.EnumerateFileSystemEntries(_fleet.Folder["updates"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Desired_SignedManifestThatClaimsTheWholeDisk_IsRefusedBeforeAnythingIsReserved()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease good = await _fleet.PublishAsync(_fleet.Write(2));
        // As many full chunks as make more than a package may have: nothing of it is ever fetched.
        string chunk = string.Concat(Enumerable.Repeat("{\"length\": 65536, \"sha256\": \"" + new string('a', 64) + "\"},", 17_000)).TrimEnd(',');
        string text = $$"""{"formatVersion":1,"name":"model","version":"2.0.0","release":2,"task":"classify","input":{"width":8,"height":8,"channels":1,"colorOrder":"grey"},"output":{"family":"classifier"},"files":[{"path":"model.onnx","size":{{17_000L * 65536}},"sha256":"{{new string('a', 64)}}","chunks":[{{chunk}}]}]}""";
        AskForManifest(Encoding.UTF8.GetBytes(text), good);
        Failed(device, "more bytes than a package may have");
        Assert.False(File.Exists(_fleet.Folder["updates/model/incoming.part"]));
    }

    [Fact]
    public void Desired_OversizedManifest_IsRefusedUnseen()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease good = _fleet.Open(_fleet.Write(2));
        var blob = new BlobReference { Length = BlobReference.MaximumLength, Sha256 = new string('a', 64) };
        _fleet.Ask(_fleet.State(good.Release with { Manifest = [.. Enumerable.Repeat(blob, 300)] }));
        Refused(device, "more than a manifest may have");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1,2")]
    [InlineData("{\"desired\":{\"payload\":\"eA==\",\"signature\":\"eA==\"}}")]
    public void Desired_RetainedGarbage_IsRefused(string text)
    {
        using var device = new TestDevice(_fleet);
        _fleet.Send(Encoding.UTF8.GetBytes(text));
        if (text.Length == 0)
        {
            // An empty message is how a retained one is taken away: it says nothing.
            device.WaitFor(state => state.Refused is null);
            return;
        }
        Refused(device, "desired");
    }

    [Fact]
    public async Task Desired_Truncated_IsRefused()
    {
        using var device = new TestDevice(_fleet);
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        byte[] message = DesiredSigner.Sign(_fleet.State(release.Release), _fleet.FleetKey).ToUtf8();
        foreach (int length in (int[])[1, message.Length / 2, message.Length - 1])
        {
            _fleet.Send(message[..length]);
            Refused(device, "desired");
            _fleet.Ask(_fleet.State());
            _fleet.WaitForReport(state => state.Refused is null);
        }
    }

    [Fact]
    public async Task Blob_Garbage_IsToldAndMendedByWhoeverPublishesAgain()
    {
        PublishedRelease release = _fleet.Open(_fleet.Write(2));
        string victim = Changed(release)[0];
        await _fleet.PublishAsync(_fleet.Folder["r2.edgepkg"]);
        _fleet.PublishBlob("not what it says"u8, victim);
        using var device = new TestDevice(_fleet);
        _fleet.Ask(_fleet.State(release.Release));
        device.WaitFor(state => state.Packages[0].Waiting?.Contains("is not what its name says", StringComparison.Ordinal) == true);
        _fleet.PublishBlob(release.Blobs[victim].Span);
        device.WaitFor(UpdatePhase.Committed, 2);
    }

    [Fact]
    public async Task Blob_Truncated_IsToldAndNotTaken()
    {
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        string victim = Changed(release)[0];
        _fleet.PublishBlob(release.Blobs[victim].Span[..^1], victim);
        using var device = new TestDevice(_fleet);
        _fleet.Ask(_fleet.State(release.Release));
        _fleet.WaitForReport(state => state.Packages[0].Waiting?.Contains("is not what its name says", StringComparison.Ordinal) == true);
        Assert.Equal(1, device.Loaded);
    }

    [Fact]
    public async Task Blob_SwappedForAnotherChunkOfTheSameLength_IsToldAndNotTaken()
    {
        PublishedRelease release = await _fleet.PublishAsync(_fleet.Write(2));
        string[] pair = [.. Changed(release).Where(hash => release.Blobs[hash].Length == BlobReference.MaximumLength)];
        _fleet.PublishBlob(release.Blobs[pair[0]].Span, pair[1]);
        _fleet.PublishBlob(release.Blobs[pair[1]].Span, pair[0]);
        using var device = new TestDevice(_fleet);
        _fleet.Ask(_fleet.State(release.Release));
        _fleet.WaitForReport(state => state.Packages[0].Waiting?.Contains("is not what its name says", StringComparison.Ordinal) == true);
        Assert.Equal(1, device.Loaded);
    }

    [Fact]
    public async Task Slot_FileSwappedForAnotherSignedRelease_IsNotStarted()
    {
        await KeepAsync(2, 3);
        File.Copy(_fleet.Write(9), _fleet.Folder["updates/model/b.edgepkg"], overwrite: true);
        using var again = new TestDevice(_fleet);
        Assert.Equal(2, again.Loaded);
    }

    [Fact]
    public async Task Slot_FileSwappedForAZipBomb_IsNotOpened()
    {
        await KeepAsync(2, 3);
        Package good = Package.Open(_fleet.Folder["r3.edgepkg"], PackageTrust.Keys(_fleet.MakerKey.Public));
        using (var bomb = new ZipArchive(File.Create(_fleet.Folder["updates/model/b.edgepkg"]), ZipArchiveMode.Create))
        {
            void Add(string path, ReadOnlySpan<byte> bytes)
            {
                using Stream stream = bomb.CreateEntry(path, CompressionLevel.SmallestSize).Open();
                stream.Write(bytes);
            }
            Add("manifest.json", good.ManifestBytes.Span);
            Add("manifest.sig", good.Signature.Span);
            Add("model.onnx", new byte[64 << 20]);
        }
        using var again = new TestDevice(_fleet);
        Assert.Equal(2, again.Loaded);
        Assert.Contains(again.Log, line => line.Contains("is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trust_KeysAreRotatedAndRevoked_ByPackageKeysOnly()
    {
        using var device = new TestDevice(_fleet);
        using SigningKey nextFleet = SigningKey.Generate();
        using SigningKey nextMaker = SigningKey.Generate();
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        var change = new TrustChange { Version = 1, FleetKeys = [nextFleet.Public.ToPem()], PackageKeys = [nextMaker.Public.ToPem()], Revoked = [_fleet.FleetKey.Public.Fingerprint] };
        _fleet.Ask(_fleet.State(two.Release), trust: DesiredSigner.Sign(change, _fleet.FleetKey));
        Refused(device, "not signed by a key whose packages this device trusts");
        SignedBytes good = DesiredSigner.Sign(change, _fleet.MakerKey);
        _fleet.Ask(_fleet.State(two.Release), nextFleet, good);
        device.WaitFor(UpdatePhase.Committed, 2);
        Assert.Equal(1, device.State.TrustVersion);
        _fleet.Ask(_fleet.State(two.Release));
        Refused(device, "not signed by a key of the fleet", running: 2);
        string path = _fleet.Write(3, key: nextMaker);
        PublishedRelease three = PublishedRelease.Open(path, PackageTrust.Keys(nextMaker.Public));
        await new BlobPublisher(_fleet.Client, "edge").PublishAsync(three.Blobs, null, CancellationToken.None);
        _fleet.Ask(_fleet.State(three.Release), nextFleet, good);
        device.WaitFor(UpdatePhase.Committed, 3);
    }

    [Fact]
    public async Task Trust_RevokedPackageKey_ItsReleasesAreRefusedButTheRunningOneGoesOn()
    {
        using SigningKey nextMaker = SigningKey.Generate();
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        PublishedRelease three = await _fleet.PublishAsync(_fleet.Write(3));
        var change = new TrustChange { Version = 1, PackageKeys = [nextMaker.Public.ToPem()], Revoked = [_fleet.MakerKey.Public.Fingerprint] };
        using (var device = new TestDevice(_fleet))
        {
            _fleet.Ask(_fleet.State(two.Release));
            device.WaitFor(UpdatePhase.Committed, 2);
            _fleet.Ask(_fleet.State(three.Release), trust: DesiredSigner.Sign(change, _fleet.MakerKey));
            device.WaitFor(UpdatePhase.Failed, 2);
        }
        using var again = new TestDevice(_fleet);
        Assert.Equal(2, again.Loaded);
    }

    public void Dispose() => _fleet.Dispose();

    /// <summary>Chunks of a release that the device does not have.</summary>
    private string[] Changed(PublishedRelease release)
    {
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> had = _fleet.Open(_fleet.Folder["factory.edgepkg"]).Blobs;
        return [.. release.Blobs.Keys.Where(hash => !had.ContainsKey(hash) && release.Release.Manifest.All(blob => blob.Sha256 != hash))];
    }

    /// <summary>Lets a device keep releases, one after the other, and ends it.</summary>
    private async Task KeepAsync(params long[] releases)
    {
        using var device = new TestDevice(_fleet);
        foreach (long release in releases)
        {
            _fleet.Ask(_fleet.State((await _fleet.PublishAsync(_fleet.Write(release))).Release));
            device.WaitFor(UpdatePhase.Committed, release);
        }
    }

    /// <summary>Asks for a manifest that a trusted key has signed, however hostile.</summary>
    private void AskForManifest(byte[] manifest, PublishedRelease good)
    {
        var blobs = new List<BlobReference>();
        foreach (byte[] part in manifest.Chunk(BlobReference.MaximumLength))
        {
            _fleet.PublishBlob(part);
            blobs.Add(new BlobReference { Length = part.Length, Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(part)) });
        }
        _fleet.Ask(_fleet.State(good.Release with { Manifest = blobs, ManifestSha256 = PackageAssembly.ManifestHash(manifest), Signature = _fleet.MakerKey.Sign(manifest) }));
    }

    private void Refused(TestDevice device, string reason, long running = 1)
    {
        _fleet.WaitForReport(state => state.Refused?.Contains(reason, StringComparison.Ordinal) == true && state.Packages[0].Running?.Release == running);
        Assert.Equal(running, device.Loaded);
    }

    private void Failed(TestDevice device, string reason)
    {
        _fleet.WaitForReport(state => state.Packages[0] is { Phase: UpdatePhase.Failed, Running.Release: 1, Error: { } error } && error.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(1, device.Loaded);
    }
}
