using Edge.Foundation;
using Edge.Packages;

namespace Edge.Agent.State;

/// <summary>The files of one package: journal, two slots, and what is being put together.</summary>
/// <param name="path">The folder.</param>
/// <param name="factory">The package that the device was delivered with.</param>
internal sealed class SlotFolder(string path, string factory)
{
    internal string Path { get; } = path;

    internal string Journal => System.IO.Path.Combine(Path, "journal.json");

    /// <summary>The package that is being put together.</summary>
    internal string Part => System.IO.Path.Combine(Path, "incoming.part");

    /// <summary>Its manifest.</summary>
    internal string Manifest => System.IO.Path.Combine(Path, "incoming.json");

    /// <summary>The file of a slot.</summary>
    internal string File(string slot) => slot == SlotName.Factory ? factory : System.IO.Path.Combine(Path, $"{slot}.edgepkg");

    /// <summary>Makes the folder and clears what a crash left.</summary>
    internal void Prepare()
    {
        Directory.CreateDirectory(Path);
        foreach (string file in Directory.GetFiles(Path, "*" + AtomicFile.TemporarySuffix))
        {
            System.IO.File.Delete(file);
        }
    }

    /// <summary>Opens the package in a slot.</summary>
    /// <returns>The package; null where it is not there, or not what the journal says.</returns>
    internal Package? Open(string slot, string? manifestSha256, PackageTrust trust)
    {
        try
        {
            Package package = Package.Open(File(slot), trust);
            return manifestSha256 is null || PackageAssembly.ManifestHash(package.ManifestBytes.Span) == manifestSha256 ? package : null;
        }
        catch (PackageException)
        {
            return null;
        }
    }
}
