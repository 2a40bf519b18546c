using System.Security.Cryptography;
using Edge.Foundation;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Models;

/// <summary>
/// Models in memory, each once for all pipelines that use the same package with the same settings. Thread-safe; loading takes turns.
/// </summary>
internal sealed class ModelStore
{
    // What `edge quantize --target` calls x86 processors with VNNI.
    private const string ForVnni = "cpu-x64";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many models are in memory.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Verifies a package, and loads its model unless it is in memory; a model that is loaded must pass its golden inputs.</summary>
    /// <param name="path">The package.</param>
    /// <param name="trust">Whose packages are accepted.</param>
    /// <param name="settings">How the engine is to run it.</param>
    /// <param name="fresh">True loads another copy even where one is in memory, for a model that failed.</param>
    /// <returns>A share of the model; disposing it gives it back.</returns>
    /// <exception cref="InputException">The package, the engine or a golden output is wrong.</exception>
    internal ModelShare Open(string path, PackageTrust trust, SessionSettings settings, bool fresh = false)
    {
        Package package = Package.Open(path, trust);
        string key = $"{Convert.ToHexString(SHA256.HashData(package.ManifestBytes.Span))} {settings.Threads} {settings.MaximumBatch} {settings.BatchPatience} {settings.Arena} {settings.MemoryPattern} {settings.AllowSpinning} {string.Join(',', settings.Providers)}";
        lock (_gate)
        {
            if (fresh || !_entries.TryGetValue(key, out Entry? entry))
            {
#pragma warning disable CA2000 // The entry disposes it.
                entry = new Entry(key, Load(package, settings));
#pragma warning restore CA2000
                _entries[key] = entry;
            }
            entry.Users++;
            return new ModelShare(entry.Model, () => Return(entry));
        }
    }

    /// <summary>
    /// Gives back what only loading needed: the bytes of packages. Apart from <see cref="Open"/>, since it takes a while and the
    /// first frame should not wait for it.
    /// </summary>
    internal void Settle()
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries.Values)
            {
                if (!entry.IsSettled)
                {
                    entry.IsSettled = true;
                    entry.Model.ReleaseContents();
                }
            }
        }
    }

    private static PackageModel Load(Package package, SessionSettings settings)
    {
        PackageModel model = PackageModel.OpenAny(package, settings);
        try
        {
            GoldenResult result = model.CheckGolden();
            return result.Failed is not { } input
                ? model
                : throw new ConfigException(
                    $"{package.Source}: the golden input {input} gives another output on this machine (largest difference {result.LargestDifference}): {Advice(package.Manifest)}");
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static string Advice(Manifest manifest) =>
        manifest.Quantization?.Target == ForVnni && !Processor.HasVnni
            ? $"it was quantized for processors with VNNI, which this one lacks; quantize the model again with --target {ForVnni}-avx2"
            : "try the provider cpu, or get a package made for this runtime";

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0)
            {
                return;
            }
            if (_entries.TryGetValue(entry.Key, out Entry? current) && current == entry)
            {
                _entries.Remove(entry.Key);
            }
        }
        entry.Model.Dispose();
    }

    private sealed class Entry(string key, PackageModel model)
    {
        internal string Key { get; } = key;

        internal PackageModel Model { get; } = model;

        internal int Users { get; set; }

        internal bool IsSettled { get; set; }
    }
}
