namespace Edge.Cli.Demo.Detector;

/// <summary>What the detector's demo measured: the content of report.json. Average precisions are those of the pipeline of edge-runtime on the held-out scenes.</summary>
internal sealed record DetectDemoReport
{
    /// <summary>AP at the overlap 0.5 of the float model.</summary>
    public required double EdgedetAp50 { get; init; }

    /// <summary>The same of the int8 model.</summary>
    public required double EdgedetInt8Ap50 { get; init; }

    /// <summary>AP over the overlaps 0.50 to 0.95 of the float model.</summary>
    public required double EdgedetAp { get; init; }

    /// <summary>The same of the int8 model.</summary>
    public required double EdgedetInt8Ap { get; init; }

    /// <summary>Scenes trained with, those that validated included.</summary>
    public required int Scenes { get; init; }

    /// <summary>Scenes that training never saw.</summary>
    public required int HeldOut { get; init; }

    public required int Epochs { get; init; }

    /// <summary>Share of held-out single items that the backbone told right before the detector began with it.</summary>
    public required double BackboneAccuracy { get; init; }

    /// <summary>What training the backbone took on this machine, validation included.</summary>
    public required double BackboneSeconds { get; init; }

    /// <summary>What training the detector took on this machine, validation included.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Processor time of both trainings, over all threads.</summary>
    public required double TrainProcessorSeconds { get; init; }

    public required double TrainScenesPerSecond { get; init; }

    public required long FloatBytes { get; init; }

    public required long Int8Bytes { get; init; }

    /// <summary>Mean milliseconds of an inference, float.</summary>
    public required double FloatInferMs { get; init; }

    /// <summary>Mean milliseconds of an inference, int8.</summary>
    public required double Int8InferMs { get; init; }

    /// <summary>Pictures that the native edge-runtime looked at, with the int8 package.</summary>
    public required int RuntimePictures { get; init; }

    /// <summary>Objects that it reported.</summary>
    public required int RuntimeObjects { get; init; }

    /// <summary>Pictures in which it reported exactly what the evaluation here had found at the package's threshold.</summary>
    public required int RuntimeAgreements { get; init; }

    public required IReadOnlyList<StageClock.Stage> Stages { get; init; }

    public required double DemoSeconds { get; init; }
}
