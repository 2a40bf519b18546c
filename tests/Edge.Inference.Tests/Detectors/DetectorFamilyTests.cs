using Edge.Foundation;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests.Detectors;

/// <summary>Each family against a second decoder, written in double precision straight from the papers and the authors' code.</summary>
public sealed class DetectorFamilyTests
{
    private const float Threshold = 0.3f;
    private const int Rounds = 5;

    [Fact]
    public void Decode_YoloV8_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(OutputSpec.YoloV8, 64, 64, 7, ("output0", [1, 11, 84]));
        Compare(harness, (ref SplitMix64 random) => harness.Fill(0, ref random, -0.5, 1), (outputs, found) =>
        {
            for (int i = 0; i < 84; i++)
            {
                double[] scores = [.. Enumerable.Range(0, 7).Select(c => (double)outputs[0][((4 + c) * 84) + i])];
                Centred(found, outputs[0][i], outputs[0][84 + i], outputs[0][168 + i], outputs[0][252 + i], scores, 1);
            }
        });
    }

    [Fact]
    public void Decode_YoloV5_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(OutputSpec.YoloV5, 64, 64, 0, ("output0", [1, 252, 9]));
        Compare(harness, (ref SplitMix64 random) => harness.Fill(0, ref random, 0, 1), (outputs, found) =>
        {
            for (int i = 0; i < 252; i++)
            {
                float[] row = outputs[0][(i * 9)..((i + 1) * 9)];
                Centred(found, row[0], row[1], row[2], row[3], [.. row[5..].Select(s => (double)s * row[4])], 1);
            }
        });
    }

    [Theory]
    [InlineData(OutputSpec.YoloV5, 10, 13, 373, 326)]
    [InlineData(OutputSpec.YoloV7, 12, 16, 459, 401)]
    public void Decode_RawYolo_AgreesWithTheReference(string family, double firstWidth, double firstHeight, double lastWidth, double lastHeight)
    {
        // Strides out of order: they are known by their sizes.
        using var harness = new HeadHarness(family, 64, 32, 0, ("p4", [1, 3, 2, 4, 8]), ("p3", [1, 3, 4, 8, 8]), ("p5", [1, 3, 1, 2, 8]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                for (int i = 0; i < 3; i++)
                {
                    harness.Fill(i, ref random, -3, 3);
                }
            },
            (outputs, found) =>
            {
                // Only the anchors at both ends are checked by number; for the others it is enough that they are used.
                foreach ((int output, int stride, int rows, int columns) in ((int, int, int, int)[])[(1, 8, 4, 8), (0, 16, 2, 4), (2, 32, 1, 2)])
                {
                    for (int i = 0; i < 3 * rows * columns; i++)
                    {
                        float[] row = outputs[output][(i * 8)..((i + 1) * 8)];
                        (int anchor, int cell) = int.DivRem(i, rows * columns);
                        (int y, int x) = int.DivRem(cell, columns);
                        (double width, double height) = (output, anchor) switch { (1, 0) => (firstWidth, firstHeight), (2, 2) => (lastWidth, lastHeight), _ => (double.NaN, double.NaN) };
                        Centred(
                            found, ((2 * Sigmoid(row[0])) - 0.5 + x) * stride, ((2 * Sigmoid(row[1])) - 0.5 + y) * stride,
                            Math.Pow(2 * Sigmoid(row[2]), 2) * width, Math.Pow(2 * Sigmoid(row[3]), 2) * height, [.. row[5..].Select(s => Sigmoid(s) * Sigmoid(row[4]))], 1);
                    }
                }
            });
    }

    [Fact]
    public void Decode_EndToEnd_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(OutputSpec.EndToEnd, 64, 64, 5, ("output0", [1, 30, 6]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                harness.Fill(0, ref random, 0, 1);
                for (int i = 0; i < 30; i++)
                {
                    harness[0][(i * 6) + 5] = random.Below(5);
                }
            },
            (outputs, found) =>
            {
                for (int i = 0; i < 30; i++)
                {
                    float[] row = outputs[0][(i * 6)..((i + 1) * 6)];
                    Cornered(found, row[0], row[1], row[2], row[3], (int)row[5], row[4]);
                }
            });
    }

    [Theory]
    [InlineData(OutputSpec.Detr)]
    [InlineData(OutputSpec.RtDetr)]
    public void Decode_Detr_AgreesWithTheReference(string family)
    {
        using var harness = new HeadHarness(family, 64, 32, 0, ("pred_logits", [1, 20, 6]), ("pred_boxes", [1, 20, 4]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                harness.Fill(0, ref random, -2, 3);
                harness.Fill(1, ref random, 0.1, 0.9);
            },
            (outputs, found) =>
            {
                for (int i = 0; i < 20; i++)
                {
                    float[] logits = outputs[0][(i * 6)..((i + 1) * 6)], box = outputs[1][(i * 4)..((i + 1) * 4)];
                    double sum = logits.Sum(l => Math.Exp(l));
                    double[] scores = family == OutputSpec.Detr ? [.. logits[..5].Select(l => Math.Exp(l) / sum)] : [.. logits.Select(l => Sigmoid(l))];
                    Centred(found, box[0] * 64, box[1] * 32, box[2] * 64, box[3] * 32, scores, 1);
                }
            });
    }

    [Fact]
    public void Decode_Ssd_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(OutputSpec.Ssd, 320, 240, 3, ("boxes", [1, 50, 4]), ("scores", [1, 50, 4]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                harness.Fill(0, ref random, 0, 1);
                harness.Fill(1, ref random, 0, 1);
            },
            (outputs, found) =>
            {
                for (int i = 0; i < 50; i++)
                {
                    float[] box = outputs[0][(i * 4)..((i + 1) * 4)], scores = outputs[1][(i * 4)..((i + 1) * 4)];
                    int best = Array.IndexOf(scores[1..], scores[1..].Max());
                    Cornered(found, box[0] * 320, box[1] * 240, box[2] * 320, box[3] * 240, best, scores[1 + best]);
                }
            });
    }

    [Fact]
    public void Decode_UltraFace_AgreesWithTheReference()
    {
        // 320 × 240: grids of 40 × 30, 20 × 15, 10 × 8 and 5 × 4 cells with 3, 2, 2 and 3 anchors.
        using var harness = new HeadHarness(OutputSpec.UltraFace, 320, 240, 1, ("scores", [1, 4420, 2]), ("boxes", [1, 4420, 4]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                harness.Fill(0, ref random, 0, 0.4);
                harness.Fill(1, ref random, -3, 3);
            },
            (outputs, found) =>
            {
                int i = 0;
                foreach ((int stride, double[] sizes) in ((int, double[])[])[(8, [10, 16, 24]), (16, [32, 48]), (32, [64, 96]), (64, [128, 192, 256])])
                {
                    for (int y = 0; y < Math.Ceiling(240.0 / stride); y++)
                    {
                        for (int x = 0; x < Math.Ceiling(320.0 / stride); x++)
                        {
                            foreach (double size in sizes)
                            {
                                // In shares of the input, as the authors compute it.
                                double priorX = Math.Min((x + 0.5) * stride / 320, 1), priorY = Math.Min((y + 0.5) * stride / 240, 1);
                                double priorWidth = Math.Min(size / 320, 1), priorHeight = Math.Min(size / 240, 1);
                                float[] box = outputs[1][(i * 4)..((i + 1) * 4)];
                                Centred(
                                    found, (priorX + (box[0] * 0.1 * priorWidth)) * 320, (priorY + (box[1] * 0.1 * priorHeight)) * 240,
                                    priorWidth * Math.Exp(box[2] * 0.2) * 320, priorHeight * Math.Exp(box[3] * 0.2) * 240, [outputs[0][(i * 2) + 1]], 1);
                                i++;
                            }
                        }
                    }
                }
            });
    }

    [Theory]
    [InlineData(OutputSpec.NanoDetPlus, 0.0)]
    [InlineData(OutputSpec.PicoDet, 0.5)]
    public void Decode_NanoDetInOneOutput_AgreesWithTheReference(string family, double centre)
    {
        // Strides 8 to 64 of a 64 × 64 input: 64 + 16 + 4 + 1 cells.
        using var harness = new HeadHarness(family, 64, 64, 3, ("output", [1, 85, 3 + 32]));
        Compare(harness, (ref SplitMix64 random) => harness.Fill(0, ref random, -0.5, 1), (outputs, found) =>
        {
            int i = 0;
            foreach (int stride in (int[])[8, 16, 32, 64])
            {
                for (int cell = 0; cell < 64 / stride * (64 / stride); cell++, i++)
                {
                    float[] row = outputs[0][(i * 35)..((i + 1) * 35)];
                    Distribution(found, row[..3], row[3..], stride, cell, 64 / stride, centre);
                }
            }
        });
    }

    [Fact]
    public void Decode_PicoDetInSeveralOutputs_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(
            OutputSpec.PicoDet, 64, 64, 3, ("s8", [1, 64, 3]), ("s16", [1, 16, 3]), ("s32", [1, 4, 3]), ("d8", [1, 64, 32]), ("d16", [1, 16, 32]), ("d32", [1, 4, 32]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                for (int i = 0; i < 6; i++)
                {
                    harness.Fill(i, ref random, -0.5, 1);
                }
            },
            (outputs, found) =>
            {
                for (int level = 0; level < 3; level++)
                {
                    int stride = 8 << level, columns = 64 / stride;
                    for (int cell = 0; cell < columns * columns; cell++)
                    {
                        Distribution(found, outputs[level][(cell * 3)..((cell + 1) * 3)], outputs[3 + level][(cell * 32)..((cell + 1) * 32)], stride, cell, columns, 0.5);
                    }
                }
            });
    }

    [Fact]
    public void Decode_FastestDet_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(OutputSpec.FastestDet, 96, 64, 0, ("out", [1, 9, 4, 6]));
        Compare(harness, (ref SplitMix64 random) => harness.Fill(0, ref random, 0, 1), (outputs, found) =>
        {
            for (int cell = 0; cell < 24; cell++)
            {
                double[] c = [.. Enumerable.Range(0, 9).Select(i => (double)outputs[0][(i * 24) + cell])];
                (int y, int x) = int.DivRem(cell, 6);
                Centred(
                    found, (x + Math.Tanh(c[1])) / 6 * 96, (y + Math.Tanh(c[2])) / 4 * 64, Sigmoid(c[3]) * 96, Sigmoid(c[4]) * 64,
                    [.. c[5..].Select(s => Math.Pow(c[0], 0.6) * Math.Pow(s, 0.4))], 1);
            }
        });
    }

    [Fact]
    public void Decode_YoloFastestV2_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(OutputSpec.YoloFastestV2, 64, 64, 0, ("a", [1, 4, 4, 18]), ("b", [1, 2, 2, 18]));
        double[] anchors = [12.64, 19.39, 37.88, 51.48, 55.71, 138.31, 126.91, 78.23, 131.57, 214.55, 279.92, 258.87];
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                harness.Fill(0, ref random, 0, 1);
                harness.Fill(1, ref random, 0, 1);
            },
            (outputs, found) =>
            {
                for (int level = 0; level < 2; level++)
                {
                    int stride = 16 << level, columns = 64 / stride;
                    for (int i = 0; i < columns * columns * 3; i++)
                    {
                        (int cell, int anchor) = int.DivRem(i, 3);
                        (int y, int x) = int.DivRem(cell, columns);
                        float[] c = outputs[level][(cell * 18)..((cell + 1) * 18)];
                        float[] box = c[(anchor * 4)..((anchor + 1) * 4)];
                        Centred(
                            found, ((2 * box[0]) - 0.5 + x) * stride, ((2 * box[1]) - 0.5 + y) * stride,
                            Math.Pow(2 * box[2], 2) * anchors[(level * 6) + (2 * anchor)], Math.Pow(2 * box[3], 2) * anchors[(level * 6) + (2 * anchor) + 1],
                            [.. c[15..].Select(s => (double)s * c[12 + anchor])], 1);
                    }
                }
            });
    }

    [Fact]
    public void Decode_CenterNet_AgreesWithTheReference()
    {
        using var harness = new HeadHarness(OutputSpec.CenterNet, 64, 32, 0, ("reg", [1, 2, 8, 16]), ("hm", [1, 3, 8, 16]), ("wh", [1, 2, 8, 16]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                for (int i = 0; i < 3; i++)
                {
                    harness.Fill(i, ref random, 0, 1);
                }
            },
            (outputs, found) =>
            {
                for (int number = 0; number < 3; number++)
                {
                    for (int cell = 0; cell < 128; cell++)
                    {
                        (int y, int x) = int.DivRem(cell, 16);
                        float heat = outputs[1][(number * 128) + cell];
                        bool isPeak = !(from dy in Enumerable.Range(-1, 3)
                                        from dx in Enumerable.Range(-1, 3)
                                        where y + dy is >= 0 and < 8 && x + dx is >= 0 and < 16 && outputs[1][(number * 128) + ((y + dy) * 16) + x + dx] > heat
                                        select 1).Any();
                        if (isPeak)
                        {
                            double[] scores = new double[3];
                            scores[number] = heat;
                            Centred(found, (x + outputs[0][cell]) * 4, (y + outputs[0][128 + cell]) * 4, outputs[2][cell] * 4, outputs[2][128 + cell] * 4, scores, 1);
                        }
                    }
                }
            });
    }

    [Fact]
    public void Decode_YuNet_AgreesWithTheReferenceAndHasLandmarks()
    {
        (string, long[])[] outputs =
        [
            .. from kind in (IEnumerable<(string Name, int Width)>)[("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)]
               from stride in (int[])[8, 16, 32]
               select ($"{kind.Name}_{stride}", (long[])[1, 64 / stride * (64 / stride), kind.Width]),
        ];
        using var harness = new HeadHarness(OutputSpec.YuNet, 64, 64, 1, outputs);
        Assert.Equal(5, harness.Head.Landmarks);
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                for (int i = 0; i < 12; i++)
                {
                    harness.Fill(i, ref random, -0.2, 1.1);
                }
            },
            (values, found) =>
            {
                for (int level = 0; level < 3; level++)
                {
                    int stride = 8 << level, columns = 64 / stride;
                    for (int cell = 0; cell < columns * columns; cell++)
                    {
                        (int y, int x) = int.DivRem(cell, columns);
                        float[] box = values[6 + level][(cell * 4)..((cell + 1) * 4)];
                        double score = Math.Sqrt(Math.Clamp(values[level][cell], 0, 1) * Math.Clamp(values[3 + level][cell], 0, 1));
                        Centred(found, (x + box[0]) * stride, (y + box[1]) * stride, Math.Exp(box[2]) * stride, Math.Exp(box[3]) * stride, [score], 1);
                    }
                }
            });
        var points = new Landmark[5];
        // The second cell of the second row of stride 16, after the 64 cells of stride 8.
        harness.Head.ReadLandmarks(harness.Session, 64 + 4 + 1, points);
        float[] expected = harness[10].Slice(5 * 10, 10).ToArray();
        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => new Landmark((expected[2 * i] + 1) * 16, (expected[(2 * i) + 1] + 1) * 16))], points);
    }

    [Fact]
    public void Decode_BlazeFace_AgreesWithTheReferenceAndHasLandmarks()
    {
        using var harness = new HeadHarness(
            OutputSpec.BlazeFace, 128, 128, 1, ("a", [1, 512, 1]), ("b", [1, 384, 1]), ("c", [1, 512, 16]), ("d", [1, 384, 16]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                harness.Fill(0, ref random, -3, 2);
                harness.Fill(1, ref random, -3, 2);
                harness.Fill(2, ref random, -20, 20);
                harness.Fill(3, ref random, -20, 20);
            },
            (outputs, found) =>
            {
                for (int i = 0; i < 896; i++)
                {
                    bool isFine = i < 512;
                    int row = isFine ? i : i - 512;
                    int cell = row / (isFine ? 2 : 6), columns = isFine ? 16 : 8, stride = isFine ? 8 : 16;
                    float[] box = outputs[isFine ? 2 : 3][(row * 16)..((row + 1) * 16)];
                    Centred(
                        found, (((cell % columns) + 0.5) * stride) + box[0], (((cell / columns) + 0.5) * stride) + box[1], box[2], box[3],
                        [Sigmoid(outputs[isFine ? 0 : 1][row])], 1);
                }
            });
        var points = new Landmark[6];
        harness.Head.ReadLandmarks(harness.Session, 512 + (6 * 9), points);
        ReadOnlySpan<float> raw = harness[3].Slice(6 * 9 * 16, 16);
        Assert.Equal(new Landmark(24 + raw[4], 24 + raw[5]), points[0]);
    }

    [Theory]
    [InlineData(OutputSpec.TensorFlowDetection)]
    [InlineData(OutputSpec.EfficientNms)]
    public void Decode_FinishedBoxes_AgreeWithTheReference(string family)
    {
        bool isRelative = family == OutputSpec.TensorFlowDetection;
        using var harness = new HeadHarness(
            family, 64, 32, 4, ("num_detections", [1]), ("detection_boxes", [1, 20, 4]), ("detection_scores", [1, 20]), ("detection_classes", [1, 20]));
        Compare(
            harness,
            (ref SplitMix64 random) =>
            {
                harness[0][0] = 15;
                harness.Fill(1, ref random, 0, 1);
                harness.Fill(2, ref random, 0, 1);
                for (int i = 0; i < 20; i++)
                {
                    harness[3][i] = random.Below(6);
                }
            },
            (outputs, found) =>
            {
                for (int i = 0; i < 15; i++)
                {
                    float[] box = outputs[1][(i * 4)..((i + 1) * 4)];
                    int number = (int)outputs[3][i] - (isRelative ? 1 : 0);
                    if (number is >= 0 and < 4)
                    {
                        (double left, double top, double right, double bottom) = isRelative
                            ? (box[1] * 64.0, box[0] * 32.0, box[3] * 64.0, box[2] * 32.0) : (box[0], box[1], box[2], box[3]);
                        Cornered(found, left, top, right, bottom, number, outputs[2][i]);
                    }
                }
            });
    }

    public static TheoryData<string, int, int, int, string> EveryFamily => new()
    {
        { OutputSpec.YoloX, 64, 64, 3, "o:1,84,8" },
        { OutputSpec.YoloV8, 64, 64, 3, "o:1,7,84" },
        { OutputSpec.YoloV5, 64, 64, 3, "o:1,252,8" },
        { OutputSpec.YoloV7, 64, 32, 3, "a:1,3,4,8,8;b:1,3,2,4,8;c:1,3,1,2,8" },
        { OutputSpec.EndToEnd, 64, 64, 3, "o:1,30,6" },
        { OutputSpec.Detr, 64, 64, 3, "logits:1,20,4;boxes:1,20,4" },
        { OutputSpec.RtDetr, 64, 64, 3, "logits:1,20,3;boxes:1,20,4" },
        { OutputSpec.Ssd, 64, 64, 3, "scores:1,20,4;boxes:1,20,4" },
        { OutputSpec.UltraFace, 320, 240, 1, "scores:1,4420,2;boxes:1,4420,4" },
        { OutputSpec.NanoDetPlus, 64, 64, 3, "o:1,85,35" },
        { OutputSpec.PicoDet, 64, 64, 3, "s:1,64,3;t:1,16,3;d:1,64,32;e:1,16,32" },
        { OutputSpec.FastestDet, 64, 64, 3, "o:1,8,4,4" },
        { OutputSpec.YoloFastestV2, 64, 64, 3, "a:1,4,4,18;b:1,2,2,18" },
        { OutputSpec.YuNet, 32, 32, 1, "cls_8:1,16,1;cls_16:1,4,1;cls_32:1,1,1;obj_8:1,16,1;obj_16:1,4,1;obj_32:1,1,1;bbox_8:1,16,4;bbox_16:1,4,4;bbox_32:1,1,4;kps_8:1,16,10;kps_16:1,4,10;kps_32:1,1,10" },
        { OutputSpec.BlazeFace, 128, 128, 1, "a:1,896,1;b:1,896,16" },
        { OutputSpec.CenterNet, 64, 64, 3, "hm:1,3,16,16;wh:1,2,16,16;reg:1,2,16,16" },
        { OutputSpec.TensorFlowDetection, 64, 64, 3, "boxes:1,20,4;scores:1,20;classes:1,20" },
        { OutputSpec.EfficientNms, 64, 64, 3, "num_dets:1,1;det_boxes:1,20,4;det_scores:1,20;det_classes:1,20" },
    };

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Run_HostileOutputs_GivesBoxesInsideTheImageAndAllocatesNothing(string family, int width, int height, int labels, string outputs)
    {
        using HeadHarness harness = Harness(family, width, height, labels, outputs);
        var postprocessor = new DetectionPostprocessor(harness.Context, null);
        var result = new VisionResult(ModelTask.Detect, 0, 100, harness.Head.Landmarks) { SourceWidth = 200, SourceHeight = 100 };
        Imaging.Placement placement = Imaging.Placement.Stretch(200, 100, width, height);
        var random = new SplitMix64(11);
        float[] rubbish = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -1e30f, 0, 1, 0.5f, 100, float.Epsilon];
        for (int round = 0; round < rubbish.Length + 30; round++)
        {
            for (int i = 0; i < harness.Context.Outputs.Count; i++)
            {
                foreach (ref float value in harness[i])
                {
                    value = round < rubbish.Length ? rubbish[round] : random.Below(3) == 0 ? rubbish[random.Below(rubbish.Length)] : (float)random.NextDouble();
                }
            }
            harness.Session.Run();
            postprocessor.Run(harness.Session, placement, result);
            foreach (Detection box in result.Detections)
            {
                Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= 200, Bottom: <= 100, Width: > 0, Height: > 0, Score: > 0 and <= 1 } && box.Class >= 0 && box.Class < labels, $"{box}");
            }
        }
        Assert.Equal(0, Allocations.Of(() => postprocessor.Run(harness.Session, placement, result)));
    }

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Create_OutputsOfAnotherFamily_AreRefusedInOneLine(string family, int width, int height, int labels, string outputs)
    {
        using HeadHarness harness = Harness(family, width, height, labels, outputs);
        InferenceException e = Assert.Throws<InferenceException>(() => Harness(family, width, height, labels, "x:1,5").Dispose());
        Assert.Contains($"'{family}'", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(labels, harness.Head.Classes);
    }

    [Fact]
    public void Names_EveryFamily_IsTested() =>
        Assert.Equal(DetectorFamilies.Names.Order(), EveryFamily.Select(row => row.Data.Item1).Distinct().Order());

    private static HeadHarness Harness(string family, int width, int height, int labels, string outputs) =>
        new(family, width, height, labels, [.. outputs.Split(';').Select(o => (o.Split(':')[0], o.Split(':')[1].Split(',').Select(long.Parse).ToArray()))]);

    private delegate void Filling(ref SplitMix64 random);

    private static void Compare(HeadHarness harness, Filling fill, Action<float[][], List<(double Left, double Top, double Right, double Bottom, int Class, double Score)>> reference)
    {
        var random = new SplitMix64(7);
        for (int round = 0; round < Rounds; round++)
        {
            fill(ref random);
            var expected = new List<(double Left, double Top, double Right, double Bottom, int Class, double Score)>();
            float[][] outputs = new float[harness.Context.Outputs.Count][];
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] = harness[i].ToArray();
            }
            reference(outputs, expected);
            Candidate[] found = harness.Decode(Threshold);
            Assert.NotEmpty(found);
            // Boxes of unknown size are compared by their centres.
            var left = expected.Where(e => e.Score >= Threshold && (double.IsNaN(e.Right) || (e.Right > e.Left && e.Bottom > e.Top))).ToList();
            Assert.Equal(left.Count, found.Length);
            foreach (Candidate box in found)
            {
                int match = left.FindIndex(e => e.Class == box.Class && Math.Abs(e.Score - box.Score) < 1e-5
                    && Near((e.Left + e.Right) / 2, (box.Left + box.Right) / 2) && Near((e.Top + e.Bottom) / 2, (box.Top + box.Bottom) / 2)
                    && Near(e.Right - e.Left, box.Right - box.Left) && Near(e.Bottom - e.Top, box.Bottom - box.Top));
                Assert.True(match >= 0, $"{box} is not among the expected boxes");
                left.RemoveAt(match);
            }
        }

        static bool Near(double expected, double found) => double.IsNaN(expected) || Math.Abs(expected - found) <= 1e-3 + (1e-5 * Math.Abs(expected));
    }

    private static void Centred(
        List<(double Left, double Top, double Right, double Bottom, int Class, double Score)> found, double x, double y, double width, double height, double[] scores, double most)
    {
        int best = Array.IndexOf(scores, scores.Max());
        found.Add((x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2), best, Math.Min(scores[best], most)));
    }

    private static void Cornered(
        List<(double Left, double Top, double Right, double Bottom, int Class, double Score)> found, double left, double top, double right, double bottom, int number, double score) =>
        found.Add((left, top, right, bottom, number, score));

    private static void Distribution(
        List<(double Left, double Top, double Right, double Bottom, int Class, double Score)> found, float[] scores, float[] sides, int stride, int cell, int columns, double centre)
    {
        double[] distances = [.. Enumerable.Range(0, 4).Select(side =>
        {
            double[] powers = [.. sides[(side * 8)..((side + 1) * 8)].Select(v => Math.Exp(v))];
            return powers.Select((p, i) => p * i).Sum() / powers.Sum() * stride;
        })];
        double x = ((cell % columns) + centre) * stride, y = ((cell / columns) + centre) * stride;
        int best = Array.IndexOf(scores, scores.Max());
        found.Add((x - distances[0], y - distances[1], x + distances[2], y + distances[3], best, scores[best]));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
