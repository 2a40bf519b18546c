using System.Runtime.InteropServices;

namespace Edge.Mqtt.Native;

/// <summary><c>struct mosquitto_message</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MosquittoMessage
{
    internal int MessageId;
    internal byte* Topic;
    internal byte* Payload;
    internal int PayloadLength;
    internal int Qos;
    internal byte Retain;
}
