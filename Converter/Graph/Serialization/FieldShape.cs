using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>A field of a message.</summary>
/// <param name="Message">What it holds, if that is a message.</param>
/// <param name="ElementBytes">Bytes a number takes in a list of numbers; 0 for anything else.</param>
/// <param name="Wire">How it is written where it is no packed list.</param>
/// <param name="IsFixed">True where a packed number takes that many bytes in the file too.</param>
/// <param name="IsRepeated">True for a list.</param>
/// <param name="IsText">True for a string, which takes two bytes a letter.</param>
/// <param name="Kept">Bytes that the graph keeps for one entry, beyond what it holds.</param>
/// <param name="IsKnown">False for the default: a number that the format does not know, which the parser keeps as it is.</param>
internal readonly record struct FieldShape(MessageShape? Message, int ElementBytes, WireFormat.WireType Wire, bool IsFixed, bool IsRepeated, bool IsText, int Kept, bool IsKnown)
{
    /// <summary>Does the parser take it, written in that way, for what it is?</summary>
    internal bool Fits(WireFormat.WireType wire) => IsKnown && (wire == Wire || (wire == WireFormat.WireType.LengthDelimited && ElementBytes > 0));
}
