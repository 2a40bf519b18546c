using Edge.Foundation;

namespace Edge.Mqtt;

/// <summary>The options of an MQTT connection are wrong, or the library that carries it is not on the machine.</summary>
/// <param name="message">One line: what is wrong, where, and what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class MqttException(string message, Exception? innerException = null)
    : InputException(message, innerException);
