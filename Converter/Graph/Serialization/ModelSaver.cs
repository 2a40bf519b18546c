using System.Text.RegularExpressions;
using Edge.Foundation;

namespace Edge.Graph.Serialization;

/// <summary>
/// Writes a model to disk, with a data file beside it where its tensors are too large for one file. The data file is named
/// after its content and is written first; the model replaces the old one last. So whatever the moment of a crash, the model
/// that stands there finds the data it was written with.
/// </summary>
internal static partial class ModelSaver
{
    internal static void Save(OnnxModel model, string path, SaveOptions options)
    {
        string full = Path.GetFullPath(path);
        (string folder, string name) = (Path.GetDirectoryName(full)!, Path.GetFileName(full));
        if (ModelWriter.TensorBytes(model) < options.ExternalDataThreshold)
        {
            AtomicFile.WriteAllBytes(full, new ModelWriter().Write(model));
            RemoveStale(folder, name, keep: null);
            return;
        }
        string dataName = $"{name}.{ExternalDataPlan.NameOf(model.Graph.WithSubgraphs().SelectMany(graph => graph.Initializers).Select(value => value.Constant!))}.data";
        var plan = new ExternalDataPlan(dataName);
        byte[] bytes = new ModelWriter(plan).Write(model);
        if (!plan.IsEmpty)
        {
            AtomicFile.Write(Path.Combine(folder, dataName), plan.WriteTo);
        }
        AtomicFile.WriteAllBytes(full, bytes);
        RemoveStale(folder, name, plan.IsEmpty ? null : dataName);
    }

    // Data files of models that stood at this path before.
    private static void RemoveStale(string folder, string name, string? keep)
    {
        foreach (string file in Directory.EnumerateFiles(folder, name + ".*.data"))
        {
            string found = Path.GetFileName(file);
            if (found != keep && found.StartsWith(name, StringComparison.Ordinal) && DataFileEnding().IsMatch(found[name.Length..]))
            {
                File.Delete(file);
            }
        }
    }

    [GeneratedRegex(@"^\.[0-9a-f]{16}\.data$")]
    private static partial Regex DataFileEnding();
}
