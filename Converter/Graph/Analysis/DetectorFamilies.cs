using System.Globalization;

namespace Edge.Graph.Analysis;

/// <summary>
/// Recognises the outputs of object and face detectors. A family is known by how many candidates it gives for a picture:
/// the cells of its grids, times the anchors of each.
/// </summary>
internal static class DetectorFamilies
{
    private static readonly long[] Strides = [8, 16, 32];

    private static readonly Func<ModelFacts, IEnumerable<Guess>?>[] Families =
        [YuNet, BlazeFace, Mtcnn, SetDetectors.Find, Postprocessed, GridDetectors.Find, ScoresAndBoxes, YoloRows, YoloColumns, FastestDet];

    internal static IEnumerable<Guess> Find(ModelFacts facts)
    {
        foreach (Func<ModelFacts, IEnumerable<Guess>?> family in Families)
        {
            if (family(facts) is { } found)
            {
                return found;
            }
        }
        return [];
    }

    /// <summary>A guess about the whole model.</summary>
    internal static Guess Model(string meaning, Certainty certainty, string reason, string? family = null) => new(null, "detector", meaning, certainty, reason) { Family = family };

    private static IEnumerable<Guess>? YuNet(ModelFacts facts)
    {
        string[] kinds = ["cls", "obj", "bbox", "kps"];
        if (facts.Outputs.Count != 12 || !kinds.All(kind => Strides.All(stride => facts.Outputs.Any(output => output.Name == $"{kind}_{stride}"))))
        {
            return null;
        }
        return facts.Outputs.Select(output => new Guess(output.Name, "detections", output.Name.Split('_')[0] switch
        {
            "cls" => "face scores",
            "obj" => "objectness",
            "bbox" => "boxes: centre and size, relative to the grid's cell",
            _ => "five landmarks, relative to the grid's cell",
        } + $", a cell each {output.Name.Split('_')[1]} pixels", Certainty.Certain, "YuNet's names")).Append(Model("YuNet face detector with five landmarks", Certainty.Certain, "cls, obj, bbox and kps of the strides 8, 16 and 32", "yunet"));
    }

    private static IEnumerable<Guess>? BlazeFace(ModelFacts facts)
    {
        // Front: 16×16×2 + 8×8×6 = 896 anchors, in one tensor or in two; back: 2304.
        long[] counts = [896, 512, 384, 2304];
        Value[] boxes = [.. facts.Outputs.Where(output => ModelFacts.Rank(output) == 3 && ModelFacts.Size(output, 2) == 16 && counts.Contains(ModelFacts.Size(output, 1) ?? 0))];
        Value[] scores = [.. facts.Outputs.Where(output => ModelFacts.Rank(output) == 3 && ModelFacts.Size(output, 2) == 1 && counts.Contains(ModelFacts.Size(output, 1) ?? 0))];
        if (boxes.Length == 0 || boxes.Length != scores.Length || boxes.Length + scores.Length != facts.Outputs.Count)
        {
            return null;
        }
        return scores.Select(output => new Guess(output.Name, "detections", "face scores (logits), one an anchor", Certainty.Likely, "its shape"))
            .Concat(boxes.Select(output => new Guess(output.Name, "detections", "box and six landmarks an anchor, in pixels from the anchor", Certainty.Likely, "its shape")))
            .Append(Model("BlazeFace face detector with six landmarks", Certainty.Likely, $"{boxes.Sum(output => ModelFacts.Size(output, 1))} anchors with 16 box figures and one score", boxes.Sum(output => ModelFacts.Size(output, 1)) == 896 ? "blazeface" : null));
    }

    private static IEnumerable<Guess>? Mtcnn(ModelFacts facts)
    {
        // Scores of two classes, four box figures and, in the last stage, ten landmark figures; over a map in the first.
        long?[] widths = [.. facts.Outputs.Select(output => ModelFacts.Size(output, 1)).Order()];
        int rank = facts.Outputs.Count > 0 ? ModelFacts.Rank(facts.Outputs[0]) : 0;
        if (facts.Picture is not { Channels: 3 } picture || facts.Outputs.Any(output => ModelFacts.Rank(output) != rank))
        {
            return null;
        }
        (string Stage, bool Fits)[] stages =
        [
            ("P-Net, the first stage: proposals over a map", rank == 4 && picture.Height is null or 12 && widths is [2, 4]),
            ("R-Net, the second stage: refines proposals", rank == 2 && picture.Height == 24 && widths is [2, 4]),
            ("O-Net, the third stage: box and five landmarks", rank == 2 && picture.Height == 48 && widths is [2, 4, 10]),
        ];
        if (Array.Find(stages, stage => stage.Fits).Stage is not { } stage)
        {
            return null;
        }
        return facts.Outputs.Select(output => new Guess(output.Name, "detections", ModelFacts.Size(output, 1) switch { 2 => "scores of no face and face", 4 => "corrections of the box", _ => "five landmarks" }, Certainty.Likely, "its shape"))
            .Append(Model($"MTCNN face detector, {stage}", Certainty.Likely, "its picture and the widths of its outputs"));
    }

    private static IEnumerable<Guess>? Postprocessed(ModelFacts facts)
    {
        if (facts.Operators.Contains("NonMaxSuppression"))
        {
            return [Model("object detector with non-maximum suppression inside", Certainty.Certain, "a NonMaxSuppression node")];
        }
        bool isNamed = facts.Outputs.Count >= 3 && facts.Outputs.Any(output => output.Name.Contains("detection_boxes", StringComparison.Ordinal));
        return isNamed ? [Model("object detector that gives finished boxes", Certainty.Likely, "names of its outputs")] : null;
    }

    // SSD, UltraFace, RetinaFace: one row an anchor in every output.
    private static IEnumerable<Guess>? ScoresAndBoxes(ModelFacts facts)
    {
        if (facts.Outputs.Count is not (2 or 3) || facts.Outputs.Any(output => ModelFacts.Rank(output) != 3))
        {
            return null;
        }
        Value? boxes = facts.Outputs.FirstOrDefault(output => ModelFacts.Size(output, 2) == 4 && !ModelFacts.Says(output.Name, "scores", "conf", "cls"));
        Value? landmarks = facts.Outputs.FirstOrDefault(output => ModelFacts.Size(output, 2) == 10);
        Value? scores = facts.Outputs.FirstOrDefault(output => !ReferenceEquals(output, boxes) && !ReferenceEquals(output, landmarks));
        if (boxes is null || scores is null || ModelFacts.Size(scores, 2) is not { } classes || (facts.Outputs.Count == 3 && landmarks is null)
            || ModelFacts.Size(boxes, 1) != ModelFacts.Size(scores, 1))
        {
            return null;
        }
        // UltraFace: grids of strides 8 to 64 with 3, 2, 2 and 3 anchors a cell, scores of background and face.
        bool isUltra = classes == 2 && landmarks is null && facts.Picture is { Height: { } height, Width: { } width }
            && ModelFacts.Size(boxes, 1) == UltraFaceAnchors(height, width);
        string anchors = Text(ModelFacts.Size(boxes, 1));
        Certainty certainty = isUltra || (ModelFacts.Says(boxes.Name, "boxes", "box", "bbox", "loc") && ModelFacts.Says(scores.Name, "scores", "score", "conf", "cls")) ? Certainty.Certain : Certainty.Likely;
        string family = landmarks is not null ? "face detector with an SSD head and five landmarks (RetinaFace)"
            : isUltra ? "UltraFace face detector (SSD head)"
            : classes == 2 ? "detector of one kind of thing with an SSD head, such as UltraFace"
            : $"SSD object detector of {Text(classes)} classes, background perhaps among them";
        var guesses = new List<Guess>
        {
            new(scores.Name, "detections", $"scores of {Text(classes)} classes for {anchors} anchors{(classes == 2 ? ": background and the thing" : "")}", certainty, "its shape"),
            new(boxes.Name, "detections", $"boxes of {anchors} anchors", certainty, "its shape"),
        };
        if (landmarks is not null)
        {
            guesses.Add(new Guess(landmarks.Name, "detections", $"five landmarks of {anchors} anchors", certainty, "its shape"));
        }
        // Without an exponential in the boxes' tail they are distances from anchors still.
        bool isDecoded = Tail(boxes).Any(node => node.OpType == "Exp");
        string? name = landmarks is not null ? null : isUltra && !isDecoded ? "ultraface" : isDecoded ? "ssd" : null;
        return guesses.Append(Model(family + (isUltra && !isDecoded ? ", boxes not decoded" : ""), certainty, isUltra ? $"{anchors} anchors, as its grids have for this picture" : "scores and boxes for the same anchors", name));
    }

    // The nodes behind an output, back to the convolutions.
    private static IEnumerable<Node> Tail(Value output)
    {
        var seen = new HashSet<Node>();
        var open = new Stack<Value?>([output]);
        while (open.TryPop(out Value? value))
        {
            if (value?.Producer is { OpType: not "Conv" } node && seen.Add(node))
            {
                foreach (Value? input in node.Inputs)
                {
                    open.Push(input);
                }
            }
        }
        return seen;
    }

    private static long UltraFaceAnchors(long height, long width)
    {
        (long Stride, long Anchors)[] grids = [(8, 3), (16, 2), (32, 2), (64, 3)];
        return grids.Sum(grid => CeilingQuotient(height, grid.Stride) * CeilingQuotient(width, grid.Stride) * grid.Anchors);
    }

    // YOLOX: a row a cell; YOLOv5 and v7: three rows a cell. Four box figures, objectness, classes.
    private static IEnumerable<Guess>? YoloRows(ModelFacts facts)
    {
        if (facts.Outputs is not [var output, ..] || ModelFacts.Rank(output) != 3 || ModelFacts.Size(output, 2) is not { } width || width < 6 || facts.Picture is not { } picture)
        {
            return null;
        }
        long classes = width - 5;
        if (Cells(picture) is not { } cells)
        {
            return ModelFacts.Size(output, 1) is null && width == 85
                ? Detector(output, "YOLO object detector", classes, Certainty.Possible, "85 figures a row: box, objectness and the 80 classes of COCO", "")
                : null;
        }
        long? rows = ModelFacts.Size(output, 1);
        if (rows == cells)
        {
            bool isDecoded = ModelFacts.LastMaker(output)?.Inputs.Any(input => input?.Producer is { OpType: "Exp" or "Mul" or "Add" }) == true;
            return Detector(output, "YOLOX object detector", classes, Certainty.Certain, $"{rows} rows, one for each cell of its grids of strides 8, 16 and 32",
                isDecoded ? ", decoded to pixels" : ", undecoded: offsets in cells, logarithms of sizes", isDecoded ? null : "yolox");
        }
        return rows == 3 * cells
            ? Detector(output, "YOLO object detector of version 5 or 7", classes, Certainty.Certain, $"{rows} rows, three for each cell of its grids of strides 8, 16 and 32", ", decoded to pixels", "yolov5")
            : null;
    }

    // YOLOv8 and later: a column a cell. Four box figures, classes, no objectness.
    private static IEnumerable<Guess>? YoloColumns(ModelFacts facts)
    {
        if (facts.Outputs is not [var output, ..] || ModelFacts.Rank(output) != 3 || facts.Picture is not { } picture || Cells(picture) is not { } cells
            || ModelFacts.Size(output, 2) != cells || ModelFacts.Size(output, 1) is not { } height || height < 5)
        {
            return null;
        }
        return
        [
            new Guess(output.Name, "detections", $"{Text(cells)} candidates in columns: box in pixels, then scores of {Text(height - 4)} classes or of classes and more", Certainty.Likely, "its shape"),
            Model("YOLO object detector of version 8 or later", Certainty.Likely, $"{cells} columns, one for each cell of its grids of strides 8, 16 and 32", "yolov8"),
        ];
    }

    // One grid of stride 16: objectness, four box terms, classes in the channels.
    private static IEnumerable<Guess>? FastestDet(ModelFacts facts)
    {
        if (facts.Outputs is not [var output] || ModelFacts.Rank(output) != 4 || facts.Picture is not { Height: { } height, Width: { } width }
            || ModelFacts.Size(output, 2) != height / 16 || ModelFacts.Size(output, 3) != width / 16 || ModelFacts.Size(output, 1) is not { } channels || channels < 6)
        {
            return null;
        }
        // A sigmoid for the objectness, a softmax for the classes, joined at the end.
        bool hasParts = ModelFacts.LastMaker(output) is { OpType: "Concat" } join && join.Inputs.Any(input => input?.Producer?.OpType == "Sigmoid");
        return
        [
            new Guess(output.Name, "detections", $"a cell each 16 pixels: objectness, four box terms, scores of {Text(channels - 5)} classes", hasParts ? Certainty.Likely : Certainty.Possible, "its shape"),
            Model($"FastestDet object detector of {Text(channels - 5)} classes", hasParts ? Certainty.Likely : Certainty.Possible, $"one grid of {height / 16}×{width / 16} cells with {channels} channels{(hasParts ? ", the objectness from a Sigmoid" : "")}", "fastestdet"),
        ];
    }

    private static Guess[] Detector(Value output, string meaning, long classes, Certainty certainty, string reason, string decoding, string? family = null) =>
    [
        new(output.Name, "detections", $"a row a candidate: box, objectness, scores of {Text(classes)} classes{decoding}", certainty, "its shape"),
        Model($"{meaning} of {Text(classes)} classes", certainty, reason, family),
    ];

    private static long? Cells(PictureSize picture) =>
        picture is { Height: { } height, Width: { } width } ? Strides.Sum(stride => CeilingQuotient(height, stride) * CeilingQuotient(width, stride)) : null;

    private static long CeilingQuotient(long a, long b) => (a + b - 1) / b;

    private static string Text(long? size) => size?.ToString(CultureInfo.InvariantCulture) ?? "an open number of";
}
