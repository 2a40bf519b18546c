namespace Edge.Judging.Explaining;

/// <summary>
/// Where in a picture a convolutional net looks for a class: the channels of a feature map, each weighted by the mean gradient
/// of the centred score in it, added up and rectified (Selvaraju and others, "Grad-CAM: visual explanations from deep networks via
/// gradient-based localization", 2017).
/// </summary>
public static class GradCam
{
    /// <summary>Makes the map.</summary>
    /// <param name="model">The model, made with the feature map as its layer; see <see cref="FeatureMaps"/>.</param>
    /// <param name="input">One picture as the model takes it.</param>
    /// <param name="target">The class whose score is explained.</param>
    /// <returns>As large as the feature map, from 0.</returns>
    /// <exception cref="JudgingException">The layer is not [1,C,H,W].</exception>
    public static HeatMap Of(DifferentiableModel model, ReadOnlySpan<float> input, int target)
    {
        ArgumentNullException.ThrowIfNull(model);
        LayerGradient layer = model.LayerGradients(input, target);
        if (layer.Shape is not [_, var channels, var height, var width])
        {
            throw new JudgingException($"the layer is [{string.Join(',', layer.Shape)}]; Grad-CAM needs a feature map [N,C,H,W]");
        }
        int plane = (int)(height * width);
        float[] map = new float[plane];
        for (int channel = 0; channel < channels; channel++)
        {
            float weight = 0;
            foreach (float gradient in layer.Gradients.AsSpan(channel * plane, plane))
            {
                weight += gradient / plane;
            }
            for (int place = 0; place < plane; place++)
            {
                map[place] += weight * layer.Values[(channel * plane) + place];
            }
        }
        for (int place = 0; place < plane; place++)
        {
            map[place] = Math.Max(0, map[place]);
        }
        return new HeatMap(map, (int)height, (int)width);
    }
}
