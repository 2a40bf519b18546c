using System.Runtime.InteropServices;
using Edge.Mqtt.Native;

namespace Edge.Mqtt;

/// <summary>MQTT 5's properties of a message: to the library's list and from it.</summary>
internal static unsafe class MessageProperties
{
    /// <summary>The most user properties that are read; a list without end is not ours to keep.</summary>
    private const int MostUserProperties = 64;

    /// <summary>Makes the library's list; 0 for none. The caller frees it.</summary>
    internal static nint Of(MqttPublication publication)
    {
        nint list = 0;
        if (publication.ContentType is { } type)
        {
            _ = Mosquitto.PropertyAddString(ref list, Mosquitto.PropertyContentType, type);
        }
        if (publication.Expiry > TimeSpan.Zero)
        {
            _ = Mosquitto.PropertyAddInt32(ref list, Mosquitto.PropertyMessageExpiry, (uint)Math.Clamp(Math.Ceiling(publication.Expiry.TotalSeconds), 1, uint.MaxValue));
        }
        foreach ((string name, string value) in publication.UserProperties)
        {
            _ = Mosquitto.PropertyAddPair(ref list, Mosquitto.PropertyUser, name, value);
        }
        return list;
    }

    internal static string? ContentType(nint list)
    {
        byte* value = null;
        return list != 0 && Mosquitto.PropertyReadString(list, Mosquitto.PropertyContentType, &value, 0) != 0 ? Take(value) : null;
    }

    internal static TimeSpan Expiry(nint list)
    {
        uint seconds = 0;
        return list != 0 && Mosquitto.PropertyReadInt32(list, Mosquitto.PropertyMessageExpiry, &seconds, 0) != 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
    }

    internal static IReadOnlyList<KeyValuePair<string, string>> User(nint list)
    {
        byte* name = null;
        byte* value = null;
        nint found = list == 0 ? 0 : Mosquitto.PropertyReadPair(list, Mosquitto.PropertyUser, &name, &value, 0);
        if (found == 0)
        {
            return [];
        }
        var all = new List<KeyValuePair<string, string>>();
        while (found != 0)
        {
            var pair = new KeyValuePair<string, string>(Take(name), Take(value));
            if (all.Count < MostUserProperties)
            {
                all.Add(pair);
            }
            found = Mosquitto.PropertyReadPair(found, Mosquitto.PropertyUser, &name, &value, 1);
        }
        return all;
    }

    /// <summary>Copies a text that the library has made for us, and frees it.</summary>
    private static string Take(byte* text)
    {
        string copy = Marshal.PtrToStringUTF8((nint)text) ?? "";
        NativeMemory.Free(text);
        return copy;
    }
}
