using Edge.Graph.Protobuf;
using Edge.Testing;
using Google.Protobuf;

namespace Edge.Graph.Tests;

public sealed class ExternalDataTests
{
    private static readonly float[] Data = [1, 2, 3, 4];

    [Fact]
    public void Load_FileBesideTheModel_IsRead()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], new byte[8].Concat(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Data.AsSpan()).ToArray()).ToArray());
        Write(folder, "w.bin", "8", "16");
        Assert.Equal(Data, OnnxModel.Load(folder["m.onnx"]).Graph.Find("w")!.Constant!.ToArray<float>());
    }

    [Theory]
    [InlineData("../w.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/../../w.bin")]
    [InlineData("link.bin")]
    [InlineData("")]
    public void Load_PathThatLeavesTheFolder_IsRefused(string location)
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["link.bin"], "/etc/hostname");
        Write(folder, location, "0", "16");
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Load(folder["m.onnx"]));
        Assert.Contains("must be a plain file below the model's folder", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "17")]
    [InlineData("99", "4")]
    [InlineData("0", "9223372036854775807")]
    [InlineData("-1", "4")]
    public void Load_RangeOutsideTheFile_IsRefused(string offset, string length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], new byte[16]);
        Write(folder, "w.bin", offset, length);
        Assert.Throws<ModelFormatException>(() => OnnxModel.Load(folder["m.onnx"]));
    }

    private static void Write(TemporaryFolder folder, string location, string offset, string length)
    {
        var tensor = new TensorProto { Name = "w", DataType = 1, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add(4);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "g" } };
        model.Graph.Initializer.Add(tensor);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        File.WriteAllBytes(folder["m.onnx"], model.ToByteArray());
    }
}
