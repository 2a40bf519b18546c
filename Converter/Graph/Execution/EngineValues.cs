using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Graph.Execution;

/// <summary>Tensors between our memory and the engine's.</summary>
internal static class EngineValues
{
    /// <summary>Lends a tensor to the engine; numbers stay where they are.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="pins">Gets what must stay pinned until the value is disposed.</param>
    /// <returns>The value; the caller disposes it.</returns>
    internal static unsafe OrtValue ToValue(OnnxTensor tensor, List<MemoryHandle> pins)
    {
        if (tensor.Strings is { } strings)
        {
            OrtValue value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Dims);
            for (int index = 0; index < strings.Count; index++)
            {
                value.StringTensorSetElementAt(strings[index].Span, index);
            }
            return value;
        }
        // An empty array has no address, and the engine asks for one.
        MemoryHandle pin = (tensor.Bytes.IsEmpty ? new byte[1] : tensor.Bytes).Pin();
        pins.Add(pin);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, (TensorElementType)(int)tensor.Type, tensor.Dims, (nint)pin.Pointer, tensor.Bytes.Length);
    }

    /// <summary>Copies a tensor of the engine.</summary>
    /// <param name="value">A value that is a tensor.</param>
    internal static OnnxTensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        if (info.ElementDataType == TensorElementType.String)
        {
            var strings = new ReadOnlyMemory<byte>[info.ElementCount];
            for (int index = 0; index < strings.Length; index++)
            {
                strings[index] = value.GetStringElementAsSpan(index).ToArray();
            }
            return new OnnxTensor(info.Shape, strings);
        }
        var type = (ElementType)(int)info.ElementDataType;
        // Of types under a byte the engine shows more bytes than there are.
        byte[] bytes = info.ElementCount == 0 ? [] : value.GetTensorMutableRawData()[..(int)type.ByteLength(info.ElementCount)].ToArray();
        return new OnnxTensor(type, info.Shape, bytes);
    }
}
