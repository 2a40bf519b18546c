namespace Edge.Graph.Serialization;

/// <summary>A field of a message.</summary>
/// <param name="Message">What it holds, if that is a message.</param>
/// <param name="ElementBytes">Bytes a number takes in a list of numbers; 0 for anything else.</param>
/// <param name="IsFixed">True where a packed number takes that many bytes in the file too.</param>
/// <param name="Extra">Bytes that the graph takes for one entry beyond the parser's.</param>
/// <param name="IsKnown">False for the default: a number that the format does not know, which the parser keeps as it is.</param>
internal readonly record struct FieldShape(MessageShape? Message, int ElementBytes, bool IsFixed, int Extra, bool IsKnown);
