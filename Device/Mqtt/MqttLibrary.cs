using Edge.Mqtt.Native;

namespace Edge.Mqtt;

/// <summary>The MQTT library of this machine.</summary>
public static class MqttLibrary
{
    /// <summary>The file that is loaded.</summary>
    public const string FileName = Mosquitto.Library;

    private static readonly Lock Gate = new();
    private static bool _ready;

    /// <summary>The library's version: "2.0.11".</summary>
    /// <exception cref="MqttException">The library is not on this machine, or it is no libmosquitto of MQTT 5.</exception>
    public static string Version
    {
        get
        {
            Load();
            _ = Mosquitto.LibraryVersion(out int major, out int minor, out int revision);
            return $"{major}.{minor}.{revision}";
        }
    }

    /// <summary>Loads and starts the library, once a process.</summary>
    /// <exception cref="MqttException">The library is not on this machine, or it is no libmosquitto of MQTT 5.</exception>
    internal static void Load()
    {
        lock (Gate)
        {
            if (_ready)
            {
                return;
            }
            try
            {
                _ = Mosquitto.LibraryVersion(out int major, out int minor, out int revision);
                if (major < 2)
                {
                    throw new MqttException($"{FileName} is version {major}.{minor}.{revision}: version 2.0 or later is needed");
                }
                int status = Mosquitto.LibraryInit();
                if (status != MosquittoStatus.Success)
                {
                    throw new MqttException($"{FileName} does not start: {MosquittoStatus.Describe(status, 0)}");
                }
            }
            catch (DllNotFoundException e)
            {
                throw new MqttException($"{FileName} is not on this machine: install it (Debian and Ubuntu: apt install libmosquitto1)", e);
            }
            catch (EntryPointNotFoundException e)
            {
                throw new MqttException($"{FileName} is too old: version 2.0 or later is needed", e);
            }
            _ready = true;
        }
    }
}
