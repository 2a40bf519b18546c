namespace Edge.Mqtt;

/// <summary>A client's change of state.</summary>
/// <param name="state">The new state.</param>
/// <param name="reason">Why, in plain words; empty where there is nothing to explain.</param>
/// <param name="retryAfter">How long until the next attempt, in the state <see cref="MqttState.Waiting"/>.</param>
public sealed class MqttStateChangedEventArgs(MqttState state, string reason, TimeSpan retryAfter) : EventArgs
{
    /// <summary>The new state.</summary>
    public MqttState State { get; } = state;

    /// <summary>Why, in plain words; empty where there is nothing to explain.</summary>
    public string Reason { get; } = reason;

    /// <summary>How long until the next attempt, in the state <see cref="MqttState.Waiting"/>; otherwise zero.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
