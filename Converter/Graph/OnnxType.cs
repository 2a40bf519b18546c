namespace Edge.Graph;

/// <summary>What a value is: almost always a <see cref="TensorType"/>.</summary>
public abstract record OnnxType
{
    /// <summary>What the axes or the value mean (<c>IMAGE</c>, <c>DATA_BATCH</c>…), as the file says; rarely set.</summary>
    public string? Denotation { get; init; }
}

/// <summary>A dense tensor.</summary>
/// <param name="Element">What its elements are.</param>
/// <param name="Shape">Its axes, or null if not even their number is known.</param>
public sealed record TensorType(ElementType Element, TensorShape? Shape) : OnnxType
{
    /// <summary><c>float32[1,3,224,224]</c>.</summary>
    public override string ToString() => $"{Element.Text()}{Shape?.ToString() ?? "[…]"}";
}

/// <summary>A sparse tensor.</summary>
/// <param name="Element">What its elements are.</param>
/// <param name="Shape">Its axes, or null if not known.</param>
public sealed record SparseTensorType(ElementType Element, TensorShape? Shape) : OnnxType
{
    /// <summary><c>sparse float32[100,100]</c>.</summary>
    public override string ToString() => $"sparse {Element.Text()}{Shape?.ToString() ?? "[…]"}";
}

/// <summary>A list of values of one type.</summary>
/// <param name="Item">The type of each.</param>
public sealed record SequenceType(OnnxType Item) : OnnxType
{
    /// <summary><c>sequence(float32[3])</c>.</summary>
    public override string ToString() => $"sequence({Item})";
}

/// <summary>A value that may be absent.</summary>
/// <param name="Item">Its type when present.</param>
public sealed record OptionalType(OnnxType Item) : OnnxType
{
    /// <summary><c>optional(float32[3])</c>.</summary>
    public override string ToString() => $"optional({Item})";
}

/// <summary>A dictionary.</summary>
/// <param name="Key">What the keys are: whole numbers or strings.</param>
/// <param name="Item">The type of each value.</param>
public sealed record MapType(ElementType Key, OnnxType Item) : OnnxType
{
    /// <summary><c>map(int64, float32[])</c>.</summary>
    public override string ToString() => $"map({Key.Text()}, {Item})";
}

/// <summary>A type that only a custom operator understands.</summary>
/// <param name="Domain">Whose type it is.</param>
/// <param name="Name">Its name there.</param>
public sealed record OpaqueType(string Domain, string Name) : OnnxType
{
    /// <summary><c>opaque(domain.name)</c>.</summary>
    public override string ToString() => $"opaque({Domain}.{Name})";
}
