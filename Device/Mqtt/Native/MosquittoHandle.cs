using Microsoft.Win32.SafeHandles;

namespace Edge.Mqtt.Native;

/// <summary>Owns a <c>struct mosquitto</c>. Releasing it closes the connection without a farewell.</summary>
internal sealed class MosquittoHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Mosquitto.Destroy(handle);
        return true;
    }
}
