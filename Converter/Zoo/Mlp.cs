using Edge.Graph;

namespace Edge.Zoo;

/// <summary>A perceptron with one hidden layer of 128 rectified units: for 28×28 grey images 784-128-10, 101,770 weights.</summary>
public static class Mlp
{
    private const int Hidden = 128;

    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, dropout behind the hidden layer, seed.</param>
    /// <exception cref="ZooException">An option makes no sense.</exception>
    public static OnnxModel Build(ClassifierOptions options)
    {
        options.Validate();
        long inputs = (long)options.Channels * options.Height * options.Width;
        if (inputs > 1 << 22)
        {
            throw new ZooException($"mlp takes at most {1 << 22} input values, not {inputs}: use convnet or smaller images");
        }
        var stack = new LayerStack("mlp", options);
        stack.Flatten("flatten");
        stack.DenseRelu("dense1", (int)inputs, Hidden);
        stack.Dropout("dropout", options.Dropout);
        stack.DenseLinear("dense2", Hidden, options.Classes);
        return stack.Finish(options.Classes);
    }
}
