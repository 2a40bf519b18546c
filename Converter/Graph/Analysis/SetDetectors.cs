namespace Edge.Graph.Analysis;

/// <summary>Recognises detectors whose outputs are a fixed number of finished boxes, with no anchors and no overlaps to drop.</summary>
internal static class SetDetectors
{
    internal static IEnumerable<Guess>? Find(ModelFacts facts) => EndToEnd(facts) ?? Finished(facts) ?? Transformer(facts);

    // YOLOv10 and later: left, top, right, bottom, score, class.
    private static IEnumerable<Guess>? EndToEnd(ModelFacts facts)
    {
        if (facts.Outputs is not [var output] || ModelFacts.Rank(output) != 3 || ModelFacts.Size(output, 2) != 6 || ModelFacts.Size(output, 1) is not (>= 10 and <= 1000 and var boxes))
        {
            return null;
        }
        bool isSorted = facts.Operators.Contains("TopK");
        Certainty certainty = isSorted ? Certainty.Likely : Certainty.Possible;
        return
        [
            new Guess(output.Name, "detections", $"{boxes} boxes: corners, score, class", certainty, "its shape"),
            DetectorFamilies.Model("object detector without suppression, such as YOLOv10", certainty, $"{boxes} rows of six figures{(isSorted ? ", chosen by TopK" : "")}", "yolov10"),
        ];
    }

    private static IEnumerable<Guess>? Finished(ModelFacts facts)
    {
        bool isEfficient = facts.Operators.Any(op => op.StartsWith("EfficientNMS", StringComparison.Ordinal));
        bool isTensorFlow = facts.Outputs.Any(output => output.Name.Contains("detection_boxes", StringComparison.Ordinal));
        return !isEfficient && !isTensorFlow ? null
            : [DetectorFamilies.Model(
                "object detector with suppression inside, which gives finished boxes", Certainty.Certain,
                isEfficient ? "an EfficientNMS node" : "TensorFlow's names of its outputs", isEfficient ? "efficient-nms" : "tf-detection")];
    }

    private static IEnumerable<Guess>? Transformer(ModelFacts facts)
    {
        if (facts.Outputs is not [var one, var other] || ModelFacts.Rank(one) != 3 || ModelFacts.Rank(other) != 3)
        {
            return null;
        }
        (Value boxes, Value logits) = ModelFacts.Size(other, 2) == 4 ? (other, one) : (one, other);
        if (ModelFacts.Size(boxes, 2) != 4 || ModelFacts.Size(boxes, 1) is not (>= 10 and <= 1000 and var queries) || ModelFacts.Size(logits, 1) != queries
            || ModelFacts.Size(logits, 2) is not { } width || !ModelFacts.Says(logits.Name, "logits", "scores") || !facts.Operators.Contains("Softmax") || !facts.Operators.Contains("LayerNormalization") && !facts.Operators.Contains("Sqrt"))
        {
            return null;
        }
        // DETR's last class is "no object"; 92 = COCO's 91 numbers and that one.
        bool hasNoObject = width == 92;
        return
        [
            new Guess(logits.Name, "detections", $"logits of {width} classes for {queries} queries", Certainty.Likely, "its shape"),
            new Guess(boxes.Name, "detections", $"boxes of {queries} queries: centre and size as shares of the picture", Certainty.Likely, "its shape"),
            DetectorFamilies.Model(
                hasNoObject ? "DETR object detector" : "transformer that detects objects, such as RT-DETR", Certainty.Likely,
                $"logits and boxes for {queries} queries", hasNoObject ? "detr" : "rt-detr"),
        ];
    }
}
