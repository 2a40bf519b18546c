using System.Text;

namespace Edge.Packages;

/// <summary>A file to be packaged.</summary>
/// <param name="Path">Its path in the package: see <see cref="PackagePath"/>.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="CutOffsets">Where an update may cut it, such as the offsets at which tensors begin and end; null cuts every 64 KiB.</param>
public sealed record PackageContent(string Path, ReadOnlyMemory<byte> Bytes, IReadOnlyList<long>? CutOffsets = null)
{
    /// <summary>The model.</summary>
    /// <param name="onnx">The bytes of the ONNX file.</param>
    /// <param name="tensorOffsets">Offsets in it at which tensors begin and end.</param>
    public static PackageContent Model(ReadOnlyMemory<byte> onnx, IReadOnlyList<long>? tensorOffsets = null) =>
        new(PackagePath.Model, onnx, tensorOffsets);

    /// <summary>The class names.</summary>
    /// <param name="labels">One name a class, in the order of the model's outputs; no empty one, no control characters.</param>
    /// <exception cref="ArgumentException">A name is empty or holds a control character such as a line break.</exception>
    public static PackageContent Labels(IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var text = new StringBuilder();
        foreach (string label in labels)
        {
            if (!LabelFile.IsLabel(label))
            {
                throw new ArgumentException($"the label {PackagePath.Quote(label)} is empty or holds a control character", nameof(labels));
            }
            text.Append(label).Append('\n');
        }
        return new PackageContent(PackagePath.Labels, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
