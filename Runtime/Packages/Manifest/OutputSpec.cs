namespace Edge.Packages;

/// <summary>How the model's outputs are read.</summary>
public sealed record OutputSpec
{
    /// <summary>The family of one score a class: <c>[1, classes]</c> float32.</summary>
    public const string Classifier = "classifier";

    /// <summary>The family of models that give their input back: what comes back badly is unusual.</summary>
    public const string Reconstruction = "reconstruction";

    /// <summary>The family of YOLOX detectors: <c>[1, anchors, 5 + classes]</c> float32, boxes not decoded.</summary>
    public const string YoloX = "yolox";

    /// <summary>The family of YOLOv5: rows of 5 + classes, or one raw output a stride.</summary>
    public const string YoloV5 = "yolov5";

    /// <summary>The family of YOLOv7: as <see cref="YoloV5"/>, with anchors of its own.</summary>
    public const string YoloV7 = "yolov7";

    /// <summary>The family of YOLOv8, YOLOv9 and YOLO11: columns of 4 + classes.</summary>
    public const string YoloV8 = "yolov8";

    /// <summary>The family of detectors that need no suppression: <c>[1, boxes, 6]</c>, such as YOLOv10.</summary>
    public const string EndToEnd = "yolov10";

    /// <summary>The family of DETR: logits with "no object" as the last class, and boxes.</summary>
    public const string Detr = "detr";

    /// <summary>The family of RT-DETR: independent logits, and boxes.</summary>
    public const string RtDetr = "rt-detr";

    /// <summary>The family of SSD heads whose boxes are decoded: scores with the background as class 0, and corners.</summary>
    public const string Ssd = "ssd";

    /// <summary>The family of UltraFace without its decoding: scores, and distances from anchors.</summary>
    public const string UltraFace = "ultraface";

    /// <summary>The family of NanoDet-Plus.</summary>
    public const string NanoDetPlus = "nanodet-plus";

    /// <summary>The family of PicoDet and the first NanoDet.</summary>
    public const string PicoDet = "picodet";

    /// <summary>The family of FastestDet.</summary>
    public const string FastestDet = "fastestdet";

    /// <summary>The family of Yolo-FastestV2.</summary>
    public const string YoloFastestV2 = "yolo-fastestv2";

    /// <summary>The family of YuNet face detectors.</summary>
    public const string YuNet = "yunet";

    /// <summary>The family of BlazeFace face detectors, front camera.</summary>
    public const string BlazeFace = "blazeface";

    /// <summary>The family of CenterNet: heat map, sizes, offsets.</summary>
    public const string CenterNet = "centernet";

    /// <summary>The family of TensorFlow's detection models, with suppression inside.</summary>
    public const string TensorFlowDetection = "tf-detection";

    /// <summary>The family of models that end in TensorRT's EfficientNMS.</summary>
    public const string EfficientNms = "efficient-nms";

    /// <summary>The family of models that share a way to read their outputs, such as <see cref="Classifier"/>.</summary>
    public required string Family { get; init; }

    /// <summary>The model's output by name; null for its first.</summary>
    public string? Tensor { get; init; }

    /// <summary>What a classifier's scores are.</summary>
    public ScoreKind Scores { get; set; } = ScoreKind.Logits;

    /// <summary>Results below this probability are not reported; 0 to 1.</summary>
    public float Threshold { get; init; }

    /// <summary>How many classes a result names, best first; 1 to 100.</summary>
    public int TopK { get; set; } = 1;

    /// <summary>
    /// Of two boxes of one class that overlap more than this (intersection over union), the less sure one is dropped; 0 to 1.
    /// Null for a classifier, and for a detector whose family says it.
    /// </summary>
    public float? IouThreshold { get; init; }

    /// <summary>How overlapping boxes are dealt with.</summary>
    public SuppressionKind Suppression { get; set; } = SuppressionKind.PerClass;

    /// <summary>How many boxes a result names at most, the surest first; 1 to 1,000. Null for a classifier, and for a detector's 100.</summary>
    public int? MaxDetections { get; init; }

    /// <summary>
    /// For <see cref="Reconstruction"/>: inputs whose mean squared distance from what comes back is larger are unusual, as learnt from what
    /// is normal; above 0. Null where nobody learnt it.
    /// </summary>
    public double? AnomalyThreshold { get; init; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="PackageException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        Check.That(Family.Length is > 0 and <= 64, "output.family", "must be 1 to 64 characters");
        Check.That(Tensor is null || Tensor.Length is > 0 and <= 1024, "output.tensor", "must be 1 to 1024 characters");
        Check.That(Threshold is >= 0 and <= 1, "output.threshold", "must be 0 to 1");
        Check.That(IouThreshold is null or (>= 0 and <= 1), "output.iouThreshold", "must be 0 to 1");
        Check.That(MaxDetections is null or (>= 1 and <= 1000), "output.maxDetections", "must be 1 to 1,000");
        Check.That(AnomalyThreshold is null or (> 0 and < double.PositiveInfinity), "output.anomalyThreshold", "must be above 0");
        Check.That(TopK is >= 1 and <= 100, "output.topK", "must be 1 to 100");
    }
}
