using Edge.Packages;

namespace Edge.Inference.Sensors;

/// <summary>A package's model of readings, a classifier or one that rebuilds its input; threads make <see cref="SensorRunner"/>s of it.</summary>
public sealed class SensorModel : PackageModel
{
    private SensorModel(Package package, LoadedModel loaded)
        : base(package, loaded)
    {
        using SensorRunner trial = CreateRunner(new WindowOptions());
        Labels = package.Labels.Count >= trial.Classes ? package.Labels : Named(package.Labels, trial.Classes);
    }

    /// <summary>What is read, and how it becomes the input.</summary>
    public SensorSpec Spec => Package.Manifest.Sensor!;

    /// <summary>Loads a package's model.</summary>
    /// <param name="package">The verified package; its manifest must have <c>sensor</c>.</param>
    /// <param name="settings">How the model is to be run; <see cref="SessionSettings.Default"/> where null.</param>
    /// <exception cref="InferenceException">Another task or family, the engine is missing or refuses the model, or model and manifest differ.</exception>
    public static SensorModel Open(Package package, SessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Sensor is null)
        {
            throw new InferenceException($"{package.Source}: the package's task is {package.Manifest.Task}, which does not look at readings; use a package that was made from a table");
        }
#pragma warning disable CA2000 // The model disposes it.
        LoadedModel loaded = LoadedModel.Open(package, settings);
#pragma warning restore CA2000
        try
        {
            return new SensorModel(package, loaded);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Makes what one thread needs to run the model: tensors, a window, a result.</summary>
    /// <param name="options">How readings become windows.</param>
    /// <param name="topK">How many classes a result names at most; null for as many as the package says.</param>
    /// <returns>The runner, which the caller disposes.</returns>
    /// <exception cref="InferenceException">Model and manifest differ, or the engine has no memory.</exception>
    public SensorRunner CreateRunner(WindowOptions options, int? topK = null)
    {
        ModelSession session = Loaded.CreateSession();
        try
        {
            return new SensorRunner(Package, session, options, topK);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
