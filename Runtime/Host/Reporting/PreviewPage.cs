using System.Globalization;
using System.Net;
using System.Text;
using Edge.Inference;
using Edge.Packages;

namespace Edge.Runtime.Reporting;

/// <summary>A page of pictures with what a model saw in them: small, by name, to be filtered by class. It needs nothing from a network.</summary>
/// <param name="model">The model.</param>
/// <param name="threshold">What was less sure was left out.</param>
internal sealed class PreviewPage(VisionModel model, float threshold)
{
    private const string Head = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Preview</title>
        <style>
        body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 1400px; padding: 0 1rem; color: #222; background: #fafafa }
        h1 { font-size: 1.3rem }
        #classes button { font: inherit; margin: 0 .3rem .4rem 0; padding: .2rem .6rem; border: 1px solid #bbb; border-radius: 1rem; background: #fff; cursor: pointer }
        #classes button[aria-pressed=true] { background: #222; color: #fff }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 1rem }
        figure { margin: 0; background: #fff; border: 1px solid #ddd; border-radius: 6px; overflow: hidden }
        img { width: 100%; height: 200px; object-fit: contain; background: #eee; display: block }
        figcaption { padding: .5rem .7rem; overflow-wrap: anywhere }
        small { color: #666 }
        [hidden] { display: none }
        </style>

        """;

    private const string Script = """
        <script>
        const buttons = [...document.querySelectorAll('#classes button')];
        buttons.forEach(button => button.onclick = () => {
          const chosen = button.getAttribute('aria-pressed') === 'true' ? null : button.dataset.class;
          buttons.forEach(other => other.setAttribute('aria-pressed', String(other.dataset.class === chosen)));
          document.querySelectorAll('figure').forEach(figure =>
            figure.hidden = chosen !== null && !figure.dataset.classes.split(' ').includes(chosen));
        });
        </script>
        </html>

        """;

    private readonly StringBuilder _figures = new();
    private readonly SortedDictionary<int, int> _pictures = [];
    private int _count;
    private int _unreadable;

    /// <summary>Adds a picture.</summary>
    /// <param name="name">Its file's name, in the page's own folder.</param>
    /// <param name="seen">What the model saw.</param>
    internal void Add(string name, VisionResult seen)
    {
        _count++;
        var classes = new SortedSet<int>();
        var lines = new StringBuilder();
        foreach (Edge.Inference.ClassScore each in seen.Classes)
        {
            Describe(lines, classes, each.Index, each.Probability);
        }
        foreach (Detection each in seen.Detections)
        {
            Describe(lines, classes, each.Class, each.Score);
        }
        foreach (int number in classes)
        {
            _pictures[number] = _pictures.GetValueOrDefault(number) + 1;
        }
        string link = Uri.EscapeDataString(name);
        _figures.Append(CultureInfo.InvariantCulture,
            $"<figure data-classes=\"{string.Join(' ', classes)}\"><a href=\"{link}\"><img loading=\"lazy\" src=\"{link}\" alt=\"\"></a><figcaption>{Text(name)} <small>{seen.SourceWidth} × {seen.SourceHeight}</small><br>{(lines.Length > 0 ? lines : "<small>nothing</small>")}</figcaption></figure>\n");
    }

    /// <summary>Adds a picture that cannot be read.</summary>
    internal void AddUnreadable(string name, string reason)
    {
        _unreadable++;
        _figures.Append(CultureInfo.InvariantCulture, $"<figure data-classes=\"\"><figcaption>{Text(name)}<br><small>{Text(reason)}</small></figcaption></figure>\n");
    }

    /// <summary>The page.</summary>
    internal byte[] ToUtf8()
    {
        Manifest manifest = model.Package.Manifest;
        var page = new StringBuilder(Head);
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(manifest.Name)} {Text(manifest.Version)}</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{_count} pictures{(_unreadable > 0 ? $", {_unreadable} unreadable" : "")}; what is less sure than {threshold:0.###} is left out. <small>edge-runtime {Text(Product.Version)}, {Text(Product.Engine)}, {Text(model.ProviderReport.ToString())}</small></p>\n<p id=\"classes\">");
        foreach ((int number, int pictures) in _pictures)
        {
            page.Append(CultureInfo.InvariantCulture, $"<button aria-pressed=\"false\" data-class=\"{number}\">{Text(Label(number))} <small>{pictures}</small></button>");
        }
        page.Append("</p>\n<main>\n").Append(_figures).Append("</main>\n").Append(Script);
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private void Describe(StringBuilder lines, SortedSet<int> classes, int number, float score)
    {
        classes.Add(number);
        lines.Append(lines.Length > 0 ? ", " : "").Append(CultureInfo.InvariantCulture, $"{Text(Label(number))} {score:0.00}");
    }

    private string Label(int number) => number < model.Labels.Count ? model.Labels[number] : number.ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(Log.OneLine(text));
}
