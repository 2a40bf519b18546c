using System.Globalization;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>
/// A package's image model, loaded once for all who use it, whatever its task. Thread-safe: every thread makes a
/// <see cref="VisionRunner"/> of its own. Dispose it when no more runners are to be made; those that exist go on.
/// </summary>
public sealed class VisionModel : IDisposable
{
    private readonly LoadedModel _loaded;

    private VisionModel(Package package, LoadedModel loaded)
    {
        Package = package;
        _loaded = loaded;
        using VisionRunner trial = CreateRunner();
        Labels = package.Labels.Count >= trial.Classes ? package.Labels : Named(package.Labels, trial.Classes);
    }

    /// <summary>The package; without the bytes of its files after <see cref="ReleaseContents"/>.</summary>
    public Package Package { get; private set; }

    /// <summary>What the model does: <see cref="ModelTask.Classify"/> or <see cref="ModelTask.Detect"/>.</summary>
    public ModelTask Task => Package.Manifest.Task;

    /// <summary>One name a class; its number where the package has no label for it.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Who computes, and why nobody better does.</summary>
    public ProviderReport ProviderReport => _loaded.ProviderReport;

    /// <summary>Threads of one inference: set, or found by a trial; 0 where the engine chose.</summary>
    public int Threads => _loaded.Threads;

    /// <summary>Loads a package's model.</summary>
    /// <param name="package">The verified package; its task must be to classify images or to detect.</param>
    /// <param name="settings">How the model is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <exception cref="InferenceException">Another task or family, the engine is missing or refuses the model, or model and manifest differ.</exception>
    public static VisionModel Open(Package package, SessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Task is not (ModelTask.Classify or ModelTask.Detect))
        {
            throw new InferenceException($"{package.Source}: the package's task is {package.Manifest.Task}, which does not look at images; use a package that classifies images or detects");
        }
        LoadedModel loaded = LoadedModel.Open(package, settings);
        try
        {
            return new VisionModel(package, loaded);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Makes what one thread needs to run the model: tensors, buffers, a result.</summary>
    /// <param name="maxResults">How many classes or boxes a result names at most, 1 to 1,000; null for as many as the package says.</param>
    /// <returns>The runner, which the caller disposes.</returns>
    /// <exception cref="InferenceException">Model and manifest differ, or the engine has no memory.</exception>
    public VisionRunner CreateRunner(int? maxResults = null)
    {
        if (maxResults is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(nameof(maxResults), maxResults, "1 to 1,000 results can be named");
        }
        ModelSession session = _loaded.CreateSession();
        try
        {
            return new VisionRunner(Package, session, maxResults);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the package's golden inputs on this machine.</summary>
    /// <exception cref="InvalidOperationException">The package's contents are released.</exception>
    /// <exception cref="InferenceException">A golden file has another size than the tensor, or the engine failed.</exception>
    public GoldenResult CheckGolden()
    {
        if (Package.Model.IsEmpty)
        {
            throw new InvalidOperationException("the package's contents are released");
        }
        using ModelSession session = _loaded.CreateSession();
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
    public void Dispose() => _loaded.Dispose();

    private static string[] Named(IReadOnlyList<string> names, int classes)
    {
        string[] labels = new string[classes];
        for (int i = 0; i < classes; i++)
        {
            labels[i] = i < names.Count ? names[i] : i.ToString(CultureInfo.InvariantCulture);
        }
        return labels;
    }
}
