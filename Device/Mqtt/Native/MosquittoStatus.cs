using System.Runtime.InteropServices;

namespace Edge.Mqtt.Native;

/// <summary>The status codes of libmosquitto (<c>enum mosq_err_t</c>) and MQTT 5's reason codes, in plain words.</summary>
internal static class MosquittoStatus
{
    internal const int Success = 0;
    internal const int NoConnection = 4;
    internal const int ConnectionRefused = 5;
    internal const int ConnectionLost = 7;
    internal const int Tls = 8;
    internal const int PayloadSize = 9;
    internal const int SystemError = 14;
    internal const int NameError = 15;
    internal const int KeepAlive = 19;
    internal const int OversizePacket = 25;

    /// <summary>The first reason code that means a refusal.</summary>
    internal const int FirstRefusal = 128;

    /// <summary>What a status of the library means.</summary>
    /// <param name="status">The status.</param>
    /// <param name="systemError">errno right after the call, for <see cref="SystemError"/>.</param>
    internal static string Describe(int status, int systemError) => status switch
    {
        SystemError when systemError != 0 => Marshal.GetPInvokeErrorMessage(systemError),
        NameError => "the host name cannot be resolved",
        ConnectionRefused => "the connection was refused",
        ConnectionLost or NoConnection => "the connection was lost",
        KeepAlive => "the broker fell silent",
        Tls => "TLS: the broker's certificate or the TLS settings are not accepted",
        _ => Marshal.PtrToStringUTF8(Mosquitto.ErrorText(status)) ?? $"status {status}",
    };

    /// <summary>What an MQTT 5 reason code (section 2.4) of CONNACK, SUBACK or DISCONNECT means.</summary>
    internal static string DescribeReason(int reason) => reason switch
    {
        1 or 132 => "the broker does not speak this version of MQTT",
        2 or 133 => "the broker refuses the client id",
        4 or 134 => "wrong user name or password",
        5 or 135 => "not authorised",
        3 or 136 => "the broker is unavailable",
        137 => "the broker is busy",
        138 => "the broker has banned this client",
        139 => "the broker is shutting down",
        141 => "the broker heard nothing within the keep-alive",
        142 => "another client with the same client id has connected",
        149 => "a packet was larger than the broker allows",
        151 => "the broker's quota is exceeded",
        159 => "the broker limits the rate of connections",
        _ => Marshal.PtrToStringUTF8(Mosquitto.ReasonText(reason)) ?? $"reason {reason}",
    };
}
