using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>The augmentations by name, each with its usual settings: what recipes choose from.</summary>
public static class AugmentationCatalog
{
    private static readonly SortedDictionary<string, IAugmentation> OfSamples = new(StringComparer.Ordinal)
    {
        ["affine"] = new RandomAffine(),
        ["blur"] = new GaussianBlur(),
        ["color"] = new ColorJitter(),
        ["crop"] = new RandomCrop(),
        ["erasing"] = new RandomErasing(),
        ["flip"] = new RandomFlip(),
        ["jitter"] = new SensorJitter(),
        ["noise"] = new GaussianNoise(),
        ["resizedCrop"] = new RandomResizedCrop(),
        ["scale"] = new SensorScale(),
        ["timeWarp"] = new TimeWarp(),
        ["wordDrop"] = new WordDrop(),
    };

    private static readonly SortedDictionary<string, IBatchAugmentation> OfBatches = new(StringComparer.Ordinal)
    {
        ["cutMix"] = new CutMix(),
        ["mixUp"] = new MixUp(),
    };

    /// <summary>What changes one sample; records whose properties are their settings.</summary>
    public static IReadOnlyDictionary<string, IAugmentation> Samples => OfSamples;

    /// <summary>What mixes the samples of a batch.</summary>
    public static IReadOnlyDictionary<string, IBatchAugmentation> Batches => OfBatches;

    /// <summary>Finds an augmentation: an <see cref="IAugmentation"/> or an <see cref="IBatchAugmentation"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="DataException">There is none; the message has the nearest.</exception>
    public static object Find(string name)
    {
        if (OfSamples.TryGetValue(name, out IAugmentation? one))
        {
            return one;
        }
        if (OfBatches.TryGetValue(name, out IBatchAugmentation? mixing))
        {
            return mixing;
        }
        string[] names = [.. OfSamples.Keys, .. OfBatches.Keys];
        string hint = NearestName.Of(name, names) is { } nearest ? $"did you mean '{nearest}'? " : "";
        throw new DataException($"there is no augmentation '{name}': {hint}there are {string.Join(", ", names)}");
    }
}
