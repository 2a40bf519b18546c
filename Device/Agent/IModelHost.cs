using Edge.Fleet.Protocol;
using Edge.Foundation;

namespace Edge.Agent;

/// <summary>What runs the models. Called on the agent's thread only.</summary>
public interface IModelHost
{
    /// <summary>Loads a package beside the running one, and looks whether it computes as it should: golden inputs, time of an inference.</summary>
    /// <param name="name">The package's name.</param>
    /// <param name="path">The package.</param>
    /// <param name="trial">What it must stand.</param>
    /// <exception cref="InputException">It cannot be loaded, or does not stand the trial.</exception>
    void Rehearse(string name, string path, TrialSpec trial);

    /// <summary>Changes everything that uses packages of this name to a file; where that fails, everything goes on as before.</summary>
    /// <param name="name">The package's name.</param>
    /// <param name="path">The package; null for the one that the device was delivered with.</param>
    /// <exception cref="InputException">It cannot be loaded.</exception>
    void Use(string name, string? path);

    /// <summary>Why the release that was changed to last does not do well; null where it does.</summary>
    /// <param name="name">The package's name.</param>
    /// <param name="trial">What it must stand.</param>
    string? Complaint(string name, TrialSpec trial);
}
