namespace Edge.Agent.State;

/// <summary>The newest desired state that was accepted, so that a restart without a broker goes on with it.</summary>
internal sealed record DeviceRecord
{
    public long Counter { get; set; }

    /// <summary>The signed bytes of the state.</summary>
    public byte[] Desired { get; set; } = [];
}
