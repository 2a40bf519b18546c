using Edge.Inference;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>What the authors of a detector family feed their models with, and the thresholds they show results at.</summary>
internal static class DetectorCard
{
    /// <summary>A card as a detector's.</summary>
    /// <param name="card">What the graph says.</param>
    /// <param name="family">The family.</param>
    /// <exception cref="PackageException">The family is not known.</exception>
    internal static ModelCard Of(ModelCard card, string family)
    {
        if (!DetectorFamilies.Names.Contains(family))
        {
            throw new PackageException($"--family {family}: not a family that is known; use one of {string.Join(", ", DetectorFamilies.Names)}");
        }
        InputSpec input = card.Input with { };
        if (family == OutputSpec.YoloX)
        {
            // YOLOX, preproc() of yolox/data/data_augment.py: BGR, 0 to 255, letterboxed at the top left on 114.
            input.ColorOrder = input.Channels == 3 ? ColorOrder.Bgr : input.ColorOrder;
            input.Scale = 1;
            input.Resize = ResizeMode.Letterbox;
            input.PaddingPlace = PaddingPlace.TopLeft;
        }
        var output = new OutputSpec { Family = family, Tensor = card.Output.Tensor, Threshold = 0.3f, IouThreshold = 0.45f };
        return card with { Task = ModelTask.Detect, Input = input, Output = output };
    }
}
