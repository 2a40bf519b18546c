namespace Edge.Graph.Inference;

/// <summary>A product of atoms with a whole factor: <c>2*height*width</c>.</summary>
internal readonly struct SizeTerm
{
    private SizeTerm(long coefficient, Atom[] atoms, string key)
    {
        Coefficient = coefficient;
        Atoms = atoms;
        Key = key;
    }

    internal long Coefficient { get; }

    /// <summary>Sorted by text; an atom that occurs squared stands twice.</summary>
    internal Atom[] Atoms { get; }

    /// <summary>The product without its factor; terms with the same key add up.</summary>
    internal string Key { get; }

    internal static SizeTerm Of(Atom atom) => new(1, [atom], Factor(atom));

    internal SizeTerm With(long coefficient) => new(coefficient, Atoms, Key);

    internal static SizeTerm Multiply(SizeTerm a, SizeTerm b)
    {
        Atom[] atoms = [.. a.Atoms, .. b.Atoms];
        Array.Sort(atoms, (x, y) => string.CompareOrdinal(x.Text, y.Text));
        return new SizeTerm(checked(a.Coefficient * b.Coefficient), atoms, string.Join('*', atoms.Select(Factor)));
    }

    /// <summary>The quotient of the atoms, if every atom of <paramref name="divisor"/> is among these; factors are left alone.</summary>
    internal Atom[]? AtomsWithout(SizeTerm divisor)
    {
        var left = new List<Atom>(Atoms);
        foreach (Atom atom in divisor.Atoms)
        {
            int index = left.FindIndex(item => item.Text == atom.Text);
            if (index < 0)
            {
                return null;
            }
            left.RemoveAt(index);
        }
        return [.. left];
    }

    /// <summary>Bounds of the whole term; the ends of the 64-bit range stand for no bound.</summary>
    internal (long Lower, long Upper) Bounds()
    {
        long lower = 1;
        long upper = 1;
        foreach (Atom atom in Atoms)
        {
            if (atom.Lower < 0)
            {
                return (long.MinValue, long.MaxValue);
            }
            lower = Saturate(lower, atom.Lower);
            upper = Saturate(upper, atom.Upper);
        }
        long least = Saturate(lower, Coefficient);
        long most = Saturate(upper, Coefficient);
        return Coefficient >= 0 ? (least, most) : (most, least);
    }

    /// <summary><c>2*height</c>; alone, a quotient needs no brackets.</summary>
    internal string Text(long magnitude)
    {
        string product = Atoms.Length == 1 && magnitude == 1 ? Atoms[0].Kind == AtomKind.Symbol ? Key : Atoms[0].Text : Key;
        return magnitude == 1 ? product : $"{magnitude}*{product}";
    }

    private static string Factor(Atom atom) => atom.Kind switch
    {
        AtomKind.Quotient when !atom.IsCeiling => $"({atom.Text})",
        AtomKind.Symbol when !SizeParser.IsName(atom.Text) => $"{{{atom.Text}}}",
        _ => atom.Text,
    };

    private static long Saturate(long a, long b)
    {
        Int128 product = (Int128)a * b;
        return product > long.MaxValue ? long.MaxValue : product < long.MinValue ? long.MinValue : (long)product;
    }
}
