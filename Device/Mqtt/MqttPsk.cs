using System.Text;

namespace Edge.Mqtt;

/// <summary>A key that broker and device share, in place of certificates. It appears in no message and not in <see cref="object.ToString"/>.</summary>
public sealed record MqttPsk
{
    /// <summary>The name by which the broker knows the key.</summary>
    public required string Identity { get; init; }

    /// <summary>A file that holds the key in hexadecimal digits, 2 to 512 of them; a trailing line end is left out.</summary>
    public required string KeyFile { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Identity = ").Append(Identity);
        return true;
    }
}
