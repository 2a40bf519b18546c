using System.Globalization;
using Edge.Inference.Sensors;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>
/// A package's model, loaded once for all who use it. Thread-safe: every thread makes a runner of its own. Dispose it when no more
/// runners are to be made; those that exist go on.
/// </summary>
public abstract class PackageModel : IDisposable
{
    private protected PackageModel(Package package, LoadedModel loaded) => (Package, Loaded) = (package, loaded);

    /// <summary>The package; without the bytes of its files after <see cref="ReleaseContents"/>.</summary>
    public Package Package { get; private set; }

    /// <summary>What the model does.</summary>
    public ModelTask Task => Package.Manifest.Task;

    /// <summary>One name a class; its number where the package has no label for it.</summary>
    public IReadOnlyList<string> Labels { get; private protected init; } = [];

    /// <summary>Who computes, and why nobody better does.</summary>
    public ProviderReport ProviderReport => Loaded.ProviderReport;

    /// <summary>Threads of one inference: set, or found by a trial; 0 where the engine chose.</summary>
    public int Threads => Loaded.Threads;

    private protected LoadedModel Loaded { get; }

    /// <summary>Loads a package's model, of images or of readings.</summary>
    /// <param name="package">The verified package.</param>
    /// <param name="settings">How the model is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <exception cref="InferenceException">A task or family that this runtime does not know, the engine is missing or refuses the model, or model and manifest differ.</exception>
    public static PackageModel OpenAny(Package package, SessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Manifest.Sensor is null ? VisionModel.Open(package, settings) : SensorModel.Open(package, settings);
    }

    /// <summary>Binds the model to memory of its own, to be run on whatever its inputs hold.</summary>
    /// <returns>The session, which the caller disposes.</returns>
    /// <exception cref="InferenceException">The engine has no memory.</exception>
    public ModelSession CreateSession() => Loaded.CreateSession();

    /// <summary>Runs the package's golden inputs on this machine.</summary>
    /// <exception cref="InvalidOperationException">The package's contents are released.</exception>
    /// <exception cref="InferenceException">A golden file has another size than the tensor, or the engine failed.</exception>
    public GoldenResult CheckGolden()
    {
        if (Package.Model.IsEmpty)
        {
            throw new InvalidOperationException("the package's contents are released");
        }
        using ModelSession session = Loaded.CreateSession();
        return GoldenCheck.Run(Package, session);
    }

    /// <summary>
    /// Gives the memory of the package's files back to the system, which the engine does not need any more. Golden inputs are to
    /// be checked before.
    /// </summary>
    public void ReleaseContents()
    {
        Package = Package.WithoutContents();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }

    /// <summary>Lets go of the model.</summary>
    public void Dispose()
    {
        Loaded.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static string[] Named(IReadOnlyList<string> names, int classes)
    {
        string[] labels = new string[classes];
        for (int i = 0; i < classes; i++)
        {
            labels[i] = i < names.Count ? names[i] : i.ToString(CultureInfo.InvariantCulture);
        }
        return labels;
    }
}
