namespace Edge.Benchmarks.Runtime;

/// <summary>The programs that others would write, where what they need is installed.</summary>
internal sealed class Peers
{
    /// <summary>Debian's own Python is the one that has Debian's packages.</summary>
    internal const string Python = "/usr/bin/python3";

    private readonly string _scripts;
    private readonly string _node;

    public Peers(string root)
    {
        _scripts = Path.Combine(root, "tests", "Benchmarks", "peers");
        _node = Path.Combine(root, "out", "peers", "node");
        HasNode = Directory.Exists(Path.Combine(_node, "node_modules", "onnxruntime-node")) && Directory.Exists(Path.Combine(_node, "node_modules", "sharp"));
        HasOpenCv = File.Exists(Python) && Works(Python, "-c", "import cv2, numpy");
        if (HasNode)
        {
            File.Copy(Path.Combine(_scripts, "node", "detect.js"), Path.Combine(_node, "detect.js"), overwrite: true);
        }
    }

    public bool HasNode { get; }

    public bool HasOpenCv { get; }

    /// <summary>Node with its defaults; frames one after the other, or two in flight.</summary>
    public PeerFigures Node(Workload work, int frames, int atOnce) =>
        PeerFigures.Measure(frames, "node", Path.Combine(_node, "detect.js"), work.Onnx!, work.Photos, $"{frames}", $"{atOnce}");

    public PeerFigures OpenCv(Workload work, int frames) =>
        PeerFigures.Measure(frames, Python, Path.Combine(_scripts, "opencv", "detect.py"), work.Onnx!, work.Photos, $"{frames}");

    /// <summary>Milliseconds of each of OpenCV's preprocessing runs.</summary>
    public double[] OpenCvPreprocess(int runs, int threads)
    {
        Child child = Child.Run(Python, Path.Combine(_scripts, "opencv", "preprocess.py"), $"{runs}", $"{threads}");
        using var json = System.Text.Json.JsonDocument.Parse(child.Lines[^1]);
        return [.. json.RootElement.GetProperty("milliseconds").EnumerateArray().Select(time => time.GetDouble())];
    }

    private static bool Works(string program, params string[] arguments)
    {
        try
        {
            _ = Child.Run(program, arguments);
            return true;
        }
        catch (BenchException)
        {
            return false;
        }
    }
}
