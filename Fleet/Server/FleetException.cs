using Edge.Foundation;

namespace Edge.Fleet;

/// <summary>The fleet's folder, a plan, a release or the broker cannot be used.</summary>
/// <param name="message">One line: what, where, what to do.</param>
/// <param name="innerException">The failure underneath, if there is one.</param>
public sealed class FleetException(string message, Exception? innerException = null)
    : InputException(message, innerException);
