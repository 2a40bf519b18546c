namespace Edge.Graph.Schemas;

/// <summary>
/// The types that a parameter of an operator may have: element types, each for tensors, sequences of tensors,
/// and optionals of either; maps count as one.
/// </summary>
/// <remarks>
/// Written as names joined by <c>+</c>: an element (<c>f32</c>, <c>i64</c>, <c>str</c>), a group (<c>float</c>, <c>number</c>, <c>all</c>),
/// <c>seq(…)</c>, <c>opt(…)</c> or <c>map(…)</c>.
/// </remarks>
public sealed record TypeSet
{
    private static readonly Dictionary<string, ulong> Names = new(StringComparer.Ordinal)
    {
        ["f16"] = Bit(ElementType.Float16),
        ["f32"] = Bit(ElementType.Float),
        ["f64"] = Bit(ElementType.Double),
        ["bf16"] = Bit(ElementType.BFloat16),
        ["i8"] = Bit(ElementType.Int8),
        ["i16"] = Bit(ElementType.Int16),
        ["i32"] = Bit(ElementType.Int32),
        ["i64"] = Bit(ElementType.Int64),
        ["u8"] = Bit(ElementType.UInt8),
        ["u16"] = Bit(ElementType.UInt16),
        ["u32"] = Bit(ElementType.UInt32),
        ["u64"] = Bit(ElementType.UInt64),
        ["bool"] = Bit(ElementType.Bool),
        ["str"] = Bit(ElementType.String),
        ["c64"] = Bit(ElementType.Complex64),
        ["c128"] = Bit(ElementType.Complex128),
        ["f8e8m0"] = Bit(ElementType.Float8E8M0),
        ["f4e2m1"] = Bit(ElementType.Float4E2M1),
        ["index"] = Bit(ElementType.Int32, ElementType.Int64),
        ["float"] = Float,
        ["int"] = Int,
        ["uint"] = UInt,
        ["number"] = Float | Int | UInt,
        ["complex"] = Complex,
        ["all"] = Float | Int | UInt | Complex | Bit(ElementType.Bool, ElementType.String),
        ["float8"] = Bit(ElementType.Float8E4M3FN, ElementType.Float8E4M3FNUZ, ElementType.Float8E5M2, ElementType.Float8E5M2FNUZ),
        ["int4"] = Bit(ElementType.Int4, ElementType.UInt4),
        ["int2"] = Bit(ElementType.Int2, ElementType.UInt2),
    };

    private TypeSet()
    {
    }

    private static ulong Float => Bit(ElementType.Float16, ElementType.Float, ElementType.Double);

    private static ulong Int => Bit(ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.Int64);

    private static ulong UInt => Bit(ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64);

    private static ulong Complex => Bit(ElementType.Complex64, ElementType.Complex128);

    /// <summary>The set as it is written in the table.</summary>
    public required string Text { get; init; }

    private ulong Tensors { get; init; }

    private ulong Sequences { get; init; }

    private ulong Optionals { get; init; }

    private ulong OptionalSequences { get; init; }

    private bool HasMaps { get; init; }

    /// <summary>Reads a set.</summary>
    /// <param name="text">Names joined by <c>+</c>.</param>
    /// <exception cref="FormatException">A name is unknown, or a bracket is missing.</exception>
    public static TypeSet Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text) with { Text = text };
    }

    /// <summary>May a tensor of such elements stand there?</summary>
    /// <param name="element">What the elements are.</param>
    public bool AllowsTensor(ElementType element) => (Tensors & Bit(element)) != 0;

    /// <summary>May a value of that type stand there? Types that are not wholly known, sparse and opaque ones pass.</summary>
    /// <param name="type">The type.</param>
    public bool Allows(OnnxType type) => type switch
    {
        TensorType tensor => In(Tensors, tensor.Element),
        SequenceType { Item: TensorType tensor } => In(Sequences, tensor.Element),
        OptionalType { Item: TensorType tensor } => In(Optionals, tensor.Element),
        OptionalType { Item: SequenceType { Item: TensorType tensor } } => In(OptionalSequences, tensor.Element),
        SequenceType { Item: MapType } or MapType => HasMaps,
        _ => true,
    };

    /// <summary>The only element type of the set's tensors, if there is one and the set holds nothing else.</summary>
    public ElementType? Single =>
        ulong.IsPow2(Tensors) && (Sequences | Optionals | OptionalSequences) == 0 && !HasMaps
            ? (ElementType)ulong.TrailingZeroCount(Tensors)
            : null;

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static TypeSet Read(string text)
    {
        var set = new TypeSet { Text = "" };
        for (int start = 0; start < text.Length;)
        {
            int end = TermEnd(text, start);
            set = Join(set, text[start..end]);
            start = end + 1;
        }
        return set;
    }

    private static TypeSet Join(TypeSet set, string term)
    {
        int bracket = term.IndexOf('(', StringComparison.Ordinal);
        if (bracket < 0)
        {
            return Names.TryGetValue(term, out ulong bits)
                ? set with { Tensors = set.Tensors | bits }
                : throw new FormatException($"'{term}' names no type");
        }
        if (term[..bracket] == "map")
        {
            return set with { HasMaps = true };
        }
        TypeSet inner = Read(term[(bracket + 1)..^1]);
        return term[..bracket] switch
        {
            "seq" => set with { Sequences = set.Sequences | inner.Tensors, HasMaps = set.HasMaps || inner.HasMaps },
            "opt" => set with { Optionals = set.Optionals | inner.Tensors, OptionalSequences = set.OptionalSequences | inner.Sequences },
            _ => throw new FormatException($"'{term}' names no type"),
        };
    }

    private static int TermEnd(string text, int start)
    {
        int depth = 0;
        for (int index = start; index < text.Length; index++)
        {
            depth += text[index] == '(' ? 1 : text[index] == ')' ? -1 : 0;
            if (depth == 0 && text[index] == '+')
            {
                return index;
            }
        }
        return depth == 0 ? text.Length : throw new FormatException($"'{text}' lacks a bracket");
    }

    private static bool In(ulong set, ElementType element) => element == ElementType.Undefined || (set & Bit(element)) != 0;

    private static ulong Bit(params ReadOnlySpan<ElementType> elements)
    {
        ulong bits = 0;
        foreach (ElementType element in elements)
        {
            bits |= 1UL << (int)element;
        }
        return bits;
    }
}
