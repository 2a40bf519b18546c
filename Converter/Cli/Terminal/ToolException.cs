using Edge.Foundation;

namespace Edge.Cli.Terminal;

/// <summary>A program that a verb needs is not there or did not do its work.</summary>
/// <param name="message">One line: what, and what to do.</param>
internal sealed class ToolException(string message) : InputException(message);
