using System.Text;

namespace Edge.Mqtt;

/// <summary>A topic to publish to, encoded once (UTF-8 with a terminating zero) so that publishing allocates nothing.</summary>
public sealed class MqttTopic
{
    private readonly byte[] _terminated;

    /// <summary>Encodes a topic.</summary>
    /// <param name="name">1 to 65,535 bytes of UTF-8 without <c>+</c>, <c>#</c> or control characters.</param>
    /// <exception cref="MqttException">The name is no topic to publish to.</exception>
    public MqttTopic(string name)
    {
        Check(name, wildcards: false);
        Name = name;
        _terminated = Terminate(name);
    }

    /// <summary>The topic.</summary>
    public string Name { get; }

    /// <summary>The topic in UTF-8 with a terminating zero.</summary>
    internal ReadOnlySpan<byte> Terminated => _terminated;

    /// <summary>The topic.</summary>
    public override string ToString() => Name;

    internal static byte[] Terminate(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    internal static void Check(string name, bool wildcards)
    {
        ArgumentNullException.ThrowIfNull(name);
        string what = wildcards ? "topic filter" : "topic";
        if (name.Length == 0)
        {
            throw new MqttException($"{what} is empty: give at least one character");
        }
        if (Encoding.UTF8.GetByteCount(name) > ushort.MaxValue)
        {
            throw new MqttException($"{what} is longer than {ushort.MaxValue} bytes: shorten it");
        }
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsControl(name[i]) || (!wildcards && (name[i] is '+' or '#')))
            {
                throw new MqttException($"{what} holds U+{(int)name[i]:X4} at character {i + 1}: take it out");
            }
        }
    }
}
