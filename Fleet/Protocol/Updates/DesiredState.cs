using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>
/// What a device is to run: the signed part of the payload of <see cref="Topics.UpdateDesired"/>. It says for whom it is, so that
/// one device's state is worth nothing on another, and carries a counter, so that an old one cannot be played again.
/// </summary>
public sealed record DesiredState
{
    /// <summary>What the signature is made over, before the bytes of the state: no other kind of message has it.</summary>
    public const string Purpose = "edge desired 1\n";

    /// <summary>Packages of different names that one device runs, at most.</summary>
    public const int MaximumReleases = 16;

    /// <summary>The root of the installation.</summary>
    public required string Root { get; init; }

    /// <summary>The device that it is for; null where it is for a <see cref="Group"/>.</summary>
    public string? Device { get; init; }

    /// <summary>The group that it is for, as the device's configuration lists groups; null where it is for a <see cref="Device"/>.</summary>
    public string? Group { get; init; }

    /// <summary>Greater than that of every state before it.</summary>
    public required long Counter { get; init; }

    /// <summary>One release a package name. A name that is not listed stays as it is.</summary>
    public required IReadOnlyList<DesiredRelease> Releases { get; init; }

    /// <summary>The names of packages that are to go back to what the device was delivered with.</summary>
    public IReadOnlyList<string> Factory { get; set; } = [];

    /// <summary>Reads and checks a state.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no desired state.</exception>
    public static DesiredState Parse(ReadOnlySpan<byte> utf8)
    {
        DesiredState state = ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.DesiredState, "desired state");
        Rule.That(state.Device is null != state.Group is null, "desired state", "must name either a device or a group");
        Rule.That(state.Counter >= 1, "desired state: counter", "must be 1 or more");
        Rule.That(state.Releases.Count + state.Factory.Count <= MaximumReleases, "desired state: releases", $"must be {MaximumReleases} at most");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < state.Releases.Count; i++)
        {
            Rule.That(state.Releases[i] is not null, $"desired state: releases[{i}]", "must not be null");
            state.Releases[i].Validate($"desired state: releases[{i}]");
            Rule.That(names.Add(state.Releases[i].Name), $"desired state: releases[{i}].name", "is there twice");
        }
        foreach (string name in state.Factory)
        {
            Rule.That(name is not null && names.Add(name), "desired state: factory", "must hold names that are there once");
        }
        return state;
    }

    /// <summary>The state as JSON in UTF-8.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.DesiredState);
}
