using Edge.Foundation;
using Edge.Graph;

namespace Edge.Zoo;

/// <summary>The architectures by name.</summary>
public static class ZooCatalog
{
    private static readonly ZooOptions Tiny = new() { Channels = 3, Height = 32, Width = 32 };
    private static readonly ZooOptions Large = new() { Channels = 3, Height = 224, Width = 224, Classes = 1000 };
    private static readonly ZooOptions Picture = new() { Channels = 3, Height = 320, Width = 320, Classes = 80 };
    private static readonly ZooOptions Window = new() { Shape = [60, 6], Classes = 6 };

    private static readonly ZooEntry[] All =
    [
        new("conv-autoencoder", ZooKind.Autoencoder, "images through strided convolutions and back", new(), ConvAutoencoder.Build),
        new("convnet", ZooKind.Image, "two convolutions, two pools, 128 units", new(), ConvNet.Build),
        new("dcgan-discriminator", ZooKind.Gan, "tells generated images from real ones", new(), Dcgan.BuildDiscriminator),
        new("dcgan-generator", ZooKind.Gan, "makes images of noise", new(), Dcgan.BuildGenerator),
        new("dense-autoencoder", ZooKind.Autoencoder, "anomaly detector of MLPerf Tiny", new() { Shape = [640] }, DenseAutoencoder.Build),
        new("ds-cnn", ZooKind.Image, "keyword spotter of MLPerf Tiny, on spectrograms", new() { Height = 49, Width = 10, Classes = 12 }, DsCnn.Build),
        new("edgedet-m", ZooKind.Detector, "edgedet-n, twice as wide and twice as deep", Picture, EdgeDet.BuildMedium),
        new("edgedet-n", ZooKind.Detector, "anchor-free detector: depthwise backbone, feature pyramid, strides 8, 16 and 32", Picture, EdgeDet.BuildNano),
        new("edgedet-n-backbone", ZooKind.Image, "the layers of edgedet-n that see, as a classifier for it to begin with", new() { Channels = 3, Height = 64, Width = 64 }, EdgeDet.BuildBackbone),
        new("edgedet-s", ZooKind.Detector, "edgedet-n, half as wide again", Picture, EdgeDet.BuildSmall),
        new("gru-sensor", ZooKind.Sensor, "GRU over windows of sensor readings", Window, GruSensor.Build),
        new("keras-convnet", ZooKind.Image, "the net of Keras' MNIST tutorial", new(), ConvNet.BuildKeras),
        new("lenet5", ZooKind.Image, "LeNet-5 with rectifiers and maximum pooling", new(), LeNet5.Build),
        new("lstm-text", ZooKind.Text, "embedding, LSTM, mean over the tokens", new() { Shape = [64], Classes = 2 }, LstmText.Build),
        new("mlp", ZooKind.Any, "perceptron with hidden layers", new(), Mlp.Build),
        new("mobilenet-v2", ZooKind.Image, "inverted residuals with linear bottlenecks", Large, MobileNetV2.Build),
        new("mobilenet-v3-small", ZooKind.Image, "inverted residuals with squeeze-and-excitation and hard swish", Large, MobileNetV3.Build),
        new("resnet8", ZooKind.Image, "image classifier of MLPerf Tiny", Tiny, ResNet8.Build),
        new("resnet9", ZooKind.Image, "residual net for small pictures, pooled early", new(), ResNet9.Build),
        new("tcn-sensor", ZooKind.Sensor, "dilated causal convolutions over windows of sensor readings", Window, TcnSensor.Build),
        new("vww", ZooKind.Image, "visual wake words net of MLPerf Tiny: MobileNetV1 × 0.25", new() { Channels = 3, Height = 96, Width = 96, Classes = 2 }, MobileNetV1.Build),
    ];

    /// <summary>All architectures, sorted by name.</summary>
    public static IReadOnlyList<ZooEntry> Entries => All;

    /// <summary>All names, sorted.</summary>
    public static IReadOnlyCollection<string> Names { get; } = Array.ConvertAll(All, entry => entry.Name);

    /// <summary>Finds an architecture.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ZooException">There is no such name; the message has the nearest.</exception>
    public static ZooEntry Find(string name) =>
        Array.Find(All, entry => entry.Name == name)
        ?? throw new ZooException($"the zoo has no model '{name}': {(NearestName.Of(name, Names) is { } nearest ? $"did you mean '{nearest}'?" : "")} It has {string.Join(", ", Names)}");

    /// <summary>Builds an architecture with initial weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Shape of the input, classes, seed, and whatever else the architecture has a use for.</param>
    /// <exception cref="ZooException">There is no such name (the message has the nearest), or an option makes no sense.</exception>
    public static OnnxModel Build(string name, ZooOptions options) => Find(name).Build(options);
}
