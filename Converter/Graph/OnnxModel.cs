namespace Edge.Graph;

/// <summary>An ONNX model in memory: a graph, the operator sets its nodes are written in, and what tools wrote about it.</summary>
public sealed class OnnxModel
{
    /// <summary>The highest IR version that is read (ONNX 1.20).</summary>
    public const long MaximumIrVersion = 13;

    /// <summary>Makes a model around a graph.</summary>
    /// <param name="graph">The graph; it belongs to the model from here on.</param>
    /// <param name="opset">The version of ONNX's own operator set that the nodes are written in.</param>
    public OnnxModel(OnnxGraph graph, int opset = 17)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        Opsets[""] = opset;
    }

    /// <summary>The version of the file format.</summary>
    public long IrVersion { get; set; } = 8;

    /// <summary>The tool that wrote the model.</summary>
    public string ProducerName { get; set; } = "edge";

    /// <summary>That tool's version.</summary>
    public string ProducerVersion { get; set; } = "";

    /// <summary>Whose model it is, in reverse DNS.</summary>
    public string Domain { get; set; } = "";

    /// <summary>The version that its makers gave it.</summary>
    public long ModelVersion { get; set; }

    /// <summary>Free text.</summary>
    public string DocString { get; set; } = "";

    /// <summary>Operator set versions by domain; ONNX's own is the empty domain.</summary>
    public SortedDictionary<string, long> Opsets { get; } = new(StringComparer.Ordinal);

    /// <summary>The version of ONNX's own operator set; 0 where the model imports none.</summary>
    public long Opset => Opsets.GetValueOrDefault("");

    /// <summary>Key-value pairs, such as what Edge writes about inputs, labels and training.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Composite operators that the model brings along.</summary>
    public IList<OnnxFunction> Functions { get; } = [];

    internal IList<Protobuf.TrainingInfoProto> TrainingInfo { get; } = [];

    /// <summary>What the file holds under numbers that are not known here.</summary>
    internal Google.Protobuf.UnknownFieldSet? Unknown { get; set; }

    /// <summary>Reads a model file and the external data that it names beside itself.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The file is not there, not an ONNX model, or breaks the specification.</exception>
    public static OnnxModel Load(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            return Serialization.ModelReader.Read(File.ReadAllBytes(full), path, Path.GetDirectoryName(full));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{path}: no such model file; check the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a model from memory; it may not name external data.</summary>
    /// <param name="bytes">The content of an ONNX file.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="ModelFormatException">The bytes are not an ONNX model, or break the specification.</exception>
    public static OnnxModel Parse(ReadOnlyMemory<byte> bytes, string source = "model") =>
        Serialization.ModelReader.Read(bytes, source, externalDataFolder: null);

    /// <summary>A model of its own that can be edited without changing this one; the content of tensors, which never changes, is shared.</summary>
    public OnnxModel Copy() => Serialization.ModelReader.Build(Serialization.ModelWriter.ToProto(this));

    /// <summary>Writes the model; <paramref name="path"/> is either the old file or the whole new one.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="options">When tensors go to a file of their own; null keeps models of less than 2 GB in one file.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="ModelFormatException">What must stay in the model takes 2 GB or more.</exception>
    public void Save(string path, SaveOptions? options = null)
    {
        options ??= new SaveOptions();
        options.Validate();
        Serialization.ModelSaver.Save(this, path, options);
    }

    /// <summary>The content of an ONNX file. The same model always gives the same bytes.</summary>
    /// <exception cref="ModelFormatException">The model takes 2 GB or more.</exception>
    public byte[] ToBytes() => new Serialization.ModelWriter().Write(this);
}
