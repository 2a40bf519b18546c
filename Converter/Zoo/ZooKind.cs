namespace Edge.Zoo;

/// <summary>What an architecture is for.</summary>
public enum ZooKind
{
    /// <summary>Any sample, taken as a list of numbers, gets a class or values.</summary>
    Any,

    /// <summary>Images get a class.</summary>
    Image,

    /// <summary>Objects in images get boxes and classes.</summary>
    Detector,

    /// <summary>Windows of sensor readings get a class or values.</summary>
    Sensor,

    /// <summary>Texts get a class.</summary>
    Text,

    /// <summary>Rebuilds its input.</summary>
    Autoencoder,

    /// <summary>One of a pair that makes images.</summary>
    Gan,
}
