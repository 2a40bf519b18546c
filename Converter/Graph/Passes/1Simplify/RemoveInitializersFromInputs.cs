namespace Edge.Graph.Passes;

/// <summary>
/// Takes weights out of the list of graph inputs, where old exporters put them. As inputs they could be replaced from outside,
/// so an engine must not fold them.
/// </summary>
public sealed class RemoveInitializersFromInputs : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "take weights out of the graph inputs";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Value[] found = [.. model.Graph.Inputs.Where(input => input.Constant is not null)];
        foreach (Value input in found)
        {
            model.Graph.RemoveInput(input);
        }
        // Since IR version 4 an initializer need not be an input.
        model.IrVersion = found.Length > 0 ? Math.Max(model.IrVersion, 4) : model.IrVersion;
        return found.Length;
    }
}
