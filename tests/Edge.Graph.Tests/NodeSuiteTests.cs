using System.Formats.Tar;
using System.IO.Compression;
using Edge.Testing;

namespace Edge.Graph.Tests;

public sealed class NodeSuiteTests
{
    [Fact]
    public void Load_EveryCaseOfTheOnnxNodeSuite_VerifiesAndSurvivesSaving()
    {
        string path = SharedData.Path("suites", "onnx-node-pass.tar.gz");
        int count = 0;
        using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith("model.onnx", StringComparison.Ordinal) || entry.DataStream is null)
            {
                continue;
            }
            byte[] bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            OnnxModel model = OnnxModel.Parse(bytes, entry.Name);
            Assert.Empty(ModelVerifier.Verify(model));
            byte[] written = model.ToBytes();
            Assert.Equal(written, OnnxModel.Parse(written, entry.Name).ToBytes());
            count++;
        }
        Assert.Equal(1428, count);
    }
}
