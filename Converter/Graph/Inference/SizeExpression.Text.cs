using System.Globalization;
using System.Text;

namespace Edge.Graph.Inference;

/// <content>How a size is written.</content>
internal sealed partial class SizeExpression
{
    // As the left side of a division: a sum and a quotient need brackets.
    private string Numerator() => _terms.Length + (_constant == 0 ? 0 : 1) > 1
        || _terms is [{ Coefficient: < 0 }]
        || (_terms.Length == 0 && _constant < 0)
        || _terms is [{ Coefficient: 1, Atoms: [{ Kind: AtomKind.Quotient, IsCeiling: false }] }] ? $"({Inside()})" : Inside();

    // Inside a larger text a symbol that is no plain name stands in braces.
    private string Inside() => Symbol is { } name && !SizeParser.IsName(name) ? $"{{{name}}}" : Text;

    // What is added first, what is taken away behind it; the constant last of its kind.
    private string Render()
    {
        var text = new StringBuilder();
        foreach (SizeTerm term in _terms)
        {
            if (term.Coefficient > 0)
            {
                text.Append(text.Length > 0 ? "+" : "").Append(term.Text(term.Coefficient));
            }
        }
        if (_constant > 0 || _terms.Length == 0)
        {
            text.Append(text.Length > 0 ? "+" : "").Append(CultureInfo.InvariantCulture, $"{_constant}");
        }
        foreach (SizeTerm term in _terms)
        {
            if (term.Coefficient < 0)
            {
                text.Append('-').Append(term.Coefficient == -1 ? $"({term.Text(1)})" : term.Text(-term.Coefficient));
            }
        }
        if (_constant < 0 && _terms.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{_constant}");
        }
        return text.ToString();
    }
}
