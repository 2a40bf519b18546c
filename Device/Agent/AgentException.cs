using Edge.Foundation;

namespace Edge.Agent;

/// <summary>A release, a message or the agent's folder cannot be used.</summary>
/// <param name="message">One line: what, where, what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class AgentException(string message, Exception? innerException = null)
    : InputException(message, innerException);
