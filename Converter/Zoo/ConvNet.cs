using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// The small convolutional net of the classic Keras tutorials: two 3×3 convolutions (32 and 64 channels, no padding),
/// each rectified and pooled 2×2, then 128 rectified units and a linear layer. For 28×28 grey images 225,034 weights.
/// </summary>
public static class ConvNet
{
    private const int MinimumSize = 10;

    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, dropout before the last layer, seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 10×10.</exception>
    public static OnnxModel Build(ClassifierOptions options)
    {
        options.Validate();
        if (options.Height < MinimumSize || options.Width < MinimumSize)
        {
            throw new ZooException($"convnet needs images of at least {MinimumSize}×{MinimumSize} pixels, not {options.Width}×{options.Height}: use mlp or larger images");
        }
        var stack = new LayerStack("convnet", options);
        stack.Conv("conv1", options.Channels, 32, 3);
        stack.Relu("conv1/relu");
        stack.MaxPool("pool1", 2);
        stack.Conv("conv2", 32, 64, 3);
        stack.Relu("conv2/relu");
        stack.MaxPool("pool2", 2);
        stack.Flatten("flatten");
        stack.DenseRelu("dense1", 64 * Reduced(options.Height) * Reduced(options.Width), 128);
        stack.Dropout("dropout", options.Dropout);
        stack.DenseLinear("dense2", 128, options.Classes);
        return stack.Finish(options.Classes);
    }

    /// <summary>What two unpadded 3×3 convolutions, each pooled by 2, leave of a side.</summary>
    private static int Reduced(int size) => (((size - 2) / 2) - 2) / 2;
}
