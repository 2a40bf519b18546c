namespace Edge.Cli.Demo;

/// <summary>What the demo measured: the content of report.json.</summary>
internal sealed record DemoReport
{
    /// <summary>Share of the whole test set that the float model gets right, offline.</summary>
    public required double Fp32Accuracy { get; init; }

    /// <summary>Share of the whole test set that the int8 model gets right, offline.</summary>
    public required double Int8Accuracy { get; init; }

    /// <summary>The same on the pictures that the runtime got.</summary>
    public required double Fp32SampleAccuracy { get; init; }

    /// <summary>The same on the pictures that the runtime got.</summary>
    public required double Int8SampleAccuracy { get; init; }

    /// <summary>Share of the PNG pictures that the int8 model got right on the runtime, as received over MQTT.</summary>
    public required double MqttAccuracy { get; init; }

    /// <summary>PNG pictures for which int8 offline and over MQTT name the same class.</summary>
    public required int MqttAgreements { get; init; }

    /// <summary>The same pictures as JPEG files.</summary>
    public required double MqttJpegAccuracy { get; init; }

    /// <summary>The float model on the runtime, PNG, as received over MQTT.</summary>
    public required double MqttFp32Accuracy { get; init; }

    /// <summary>How many pictures the runtime got in each run.</summary>
    public required int Pictures { get; init; }

    public required long Fp32Bytes { get; init; }

    public required long Int8Bytes { get; init; }

    /// <summary>The edge-runtime executable, without native libraries.</summary>
    public required long RuntimeBytes { get; init; }

    /// <summary>The runtime's peak memory with the int8 model.</summary>
    public required double RssMB { get; init; }

    /// <summary>Float model, PNG: file to result, half of the pictures took at most this.</summary>
    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    /// <summary>Int8 model, PNG: file to result.</summary>
    public required double Int8P50Ms { get; init; }

    public required double Int8P99Ms { get; init; }

    public required double Fp32ImagesPerSecond { get; init; }

    public required double Int8ImagesPerSecond { get; init; }

    public required double TrainImagesPerSecond { get; init; }

    /// <summary>Managed bytes a frame after warm-up, the most of all runs.</summary>
    public required double AllocatedBytesPerFrame { get; init; }

    public required IReadOnlyList<StageClock.Stage> Stages { get; init; }

    public required double DemoSeconds { get; init; }
}
