namespace Edge.Training.Data;

/// <summary>A file whose folder says its class.</summary>
/// <param name="Path">The file.</param>
/// <param name="Class">Its class.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct ClassFile(string Path, int Class, long Bytes);
