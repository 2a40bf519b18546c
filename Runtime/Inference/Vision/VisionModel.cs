using Edge.Packages;

namespace Edge.Inference;

/// <summary>A package's image model, whatever its task; threads make <see cref="VisionRunner"/>s of it.</summary>
public sealed class VisionModel : PackageModel
{
    private VisionModel(Package package, LoadedModel loaded)
        : base(package, loaded)
    {
        using VisionRunner trial = CreateRunner();
        Labels = package.Labels.Count >= trial.Classes ? package.Labels : Named(package.Labels, trial.Classes);
    }

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
#pragma warning disable CA2000 // The model disposes it.
        LoadedModel loaded = LoadedModel.Open(package, settings);
#pragma warning restore CA2000
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
        ModelSession session = Loaded.CreateSession();
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
}
