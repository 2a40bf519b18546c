namespace Edge.Graph.Inference;

/// <summary>Joins what is inferred with what a file declares: per axis the one that says more; the inferred one where both say something.</summary>
internal static class TypeMerger
{
    internal static OnnxType? Merge(OnnxType? inferred, OnnxType? declared, SizeSymbols symbols, out string? contradiction)
    {
        contradiction = null;
        switch (inferred, declared)
        {
            case (null, _):
                return declared is TensorType known ? known with { Shape = Resolve(known.Shape, symbols) } : declared;
            case (_, null):
                return inferred;
            case (TensorType made, TensorType stated):
                return MergeTensors(made, stated, symbols, out contradiction);
            case (SequenceType made, SequenceType stated):
                return new SequenceType(Merge(made.Item, stated.Item, symbols, out contradiction)!) { Denotation = stated.Denotation };
            case (OptionalType made, OptionalType stated):
                return new OptionalType(Merge(made.Item, stated.Item, symbols, out contradiction)!) { Denotation = stated.Denotation };
            default:
                contradiction = inferred.GetType() == declared.GetType() ? null : $"is {inferred} and declared as {declared}";
                return inferred;
        }
    }

    /// <summary>Is everything known: elements, number of axes, and each size by number or symbol?</summary>
    internal static bool IsComplete(OnnxType? type) => type switch
    {
        null => false,
        TensorType tensor => tensor.Element != ElementType.Undefined && tensor.Shape is { } shape && shape.Dimensions.All(dimension => dimension is not { Size: null, Symbol: null }),
        SequenceType { Item: TensorType tensor } => tensor.Element != ElementType.Undefined,
        SequenceType sequence => IsComplete(sequence.Item),
        OptionalType optional => IsComplete(optional.Item),
        _ => true,
    };

    /// <summary>Do two shapes state different numbers for an axis?</summary>
    internal static bool Contradicts(TensorShape a, TensorShape b)
    {
        if (a.Rank != b.Rank)
        {
            return true;
        }
        for (int axis = 0; axis < a.Rank; axis++)
        {
            if (a[axis].Size is { } left && b[axis].Size is { } right && left != right)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The type that holds for both: axes that differ become unknown.</summary>
    internal static OnnxType? Common(OnnxType? a, OnnxType? b)
    {
        switch (a, b)
        {
            case (TensorType left, TensorType right) when left.Element == right.Element || left.Element == ElementType.Undefined || right.Element == ElementType.Undefined:
                return new TensorType(left.Element == ElementType.Undefined ? right.Element : left.Element, Common(left.Shape, right.Shape));
            case (SequenceType left, SequenceType right):
                return Common(left.Item, right.Item) is { } item ? new SequenceType(item) : null;
            case (OptionalType left, OptionalType right):
                return Common(left.Item, right.Item) is { } inner ? new OptionalType(inner) : null;
            default:
                return a is not null && a == b ? a : null;
        }
    }

    /// <summary>The shape that holds for both: axes that differ become unknown.</summary>
    internal static TensorShape? Common(TensorShape? a, TensorShape? b) =>
        a is null || b is null || a.Rank != b.Rank ? null
        : a.Equals(b) ? a
        : new TensorShape([.. a.Dimensions.Zip(b.Dimensions, (left, right) => left == right ? left : Dimension.Unknown)]);

    /// <summary>The type with only its elements known.</summary>
    internal static OnnxType? WithoutShape(OnnxType? type) => type switch
    {
        TensorType tensor => tensor with { Shape = null },
        SequenceType { Item: { } item } => WithoutShape(item) is { } bare ? new SequenceType(bare) : null,
        OptionalType { Item: { } item } => WithoutShape(item) is { } bare ? new OptionalType(bare) : null,
        _ => type,
    };

    /// <summary>The type with every size unknown that means another number in each round of a loop.</summary>
    internal static OnnxType WithoutSymbols(OnnxType type, SizeSymbols symbols) => type switch
    {
        TensorType { Shape: { } shape } tensor => tensor with
        {
            Shape = new TensorShape([.. shape.Dimensions.Select(dimension => symbols.Size(dimension) is { } size && symbols.IsOfLoop(size) ? Dimension.Unknown : dimension)]),
        },
        SequenceType sequence => new SequenceType(WithoutSymbols(sequence.Item, symbols)),
        OptionalType optional => new OptionalType(WithoutSymbols(optional.Item, symbols)),
        _ => type,
    };

    private static TensorType MergeTensors(TensorType made, TensorType stated, SizeSymbols symbols, out string? contradiction)
    {
        ElementType element = made.Element == ElementType.Undefined ? stated.Element : made.Element;
        TensorShape? resolved = Resolve(stated.Shape, symbols);
        bool differs = stated.Element != ElementType.Undefined && element != stated.Element;
        differs |= made.Shape is not null && resolved is not null && Contradicts(made.Shape, resolved);
        contradiction = differs ? $"is {made} and declared as {stated}" : null;
        TensorShape? shape = made.Shape ?? resolved;
        if (made.Shape is not null && resolved is not null && made.Shape.Rank == resolved.Rank)
        {
            var dimensions = new Dimension[shape!.Rank];
            for (int axis = 0; axis < dimensions.Length; axis++)
            {
                dimensions[axis] = Pick(made.Shape[axis], resolved[axis], symbols);
            }
            shape = new TensorShape(dimensions);
        }
        if (stated.Shape?.Denotations is { } denotations && shape is not null)
        {
            shape = new TensorShape(shape.Dimensions) { Denotations = denotations };
        }
        return new TensorType(element, shape) { Denotation = stated.Denotation };
    }

    private static Dimension Pick(Dimension made, Dimension stated, SizeSymbols symbols)
    {
        if (made.Size is not null || stated is { Size: null, Symbol: null })
        {
            return made;
        }
        bool saysLess = symbols.Size(made) is not { } size || symbols.IsFresh(size);
        return saysLess || stated.Size is not null ? stated : made;
    }

    private static TensorShape? Resolve(TensorShape? shape, SizeSymbols symbols) =>
        shape is null || shape.Dimensions.All(dimension => dimension.Symbol is null)
            ? shape
            : new TensorShape([.. shape.Dimensions.Select(dimension => InferenceEngine.ToDimension(symbols.Size(dimension)))]);
}
