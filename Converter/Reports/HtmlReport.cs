using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Edge.Foundation;

namespace Edge.Reports;

/// <summary>
/// A report as one HTML file that needs nothing else: styles, chart library and pictures are inside.
/// Everything given to it is text; it is escaped here.
/// </summary>
/// <param name="title">The headline.</param>
/// <param name="subtitle">One line below it.</param>
public sealed class HtmlReport(string title, string subtitle)
{
    private readonly StringBuilder _body = new();
    private bool _hasCharts;

    /// <summary>Begins a section.</summary>
    /// <param name="heading">Its headline.</param>
    /// <param name="text">A paragraph below it.</param>
    public HtmlReport Section(string heading, string? text = null)
    {
        _body.Append(null, $"<h2>{Escape(heading)}</h2>\n");
        return text is null ? this : Paragraph(text);
    }

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">Its text.</param>
    public HtmlReport Paragraph(string text)
    {
        _body.Append(null, $"<p>{Escape(text)}</p>\n");
        return this;
    }

    /// <summary>Adds text as it stands, such as commands.</summary>
    /// <param name="text">Its lines.</param>
    public HtmlReport Code(string text)
    {
        _body.Append(null, $"<pre>{Escape(text)}</pre>\n");
        return this;
    }

    /// <summary>Adds a row of figures.</summary>
    /// <param name="tiles">The figures.</param>
    public HtmlReport Tiles(params IReadOnlyList<Tile> tiles)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        _body.Append("<div class=\"tiles\">");
        foreach (Tile tile in tiles)
        {
            _body.Append(null, $"<div class=\"tile\"><b>{Escape(tile.Figure)}</b><span>{Escape(tile.Label)}</span></div>");
        }
        _body.Append("</div>\n");
        return this;
    }

    /// <summary>Adds a table; every column but the first holds figures.</summary>
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">The rows, each as long as the header.</param>
    public HtmlReport Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(rows);
        _body.Append("<div class=\"scroll\"><table>\n");
        Row("th", header);
        foreach (IReadOnlyList<string> row in rows)
        {
            Row("td", row);
        }
        _body.Append("</table></div>\n");
        return this;
    }

    /// <summary>Adds a chart.</summary>
    /// <param name="option">What <see cref="Charts"/> makes.</param>
    /// <param name="height">Its height in pixels.</param>
    public HtmlReport Chart(JsonObject option, int height = 320)
    {
        ArgumentNullException.ThrowIfNull(option);
        _hasCharts = true;
        _body.Append(null, $"<div class=\"chart\" style=\"height:{height}px\"></div><script type=\"application/json\">{ForScript(option.ToJsonString())}</script>\n");
        return this;
    }

    /// <summary>Adds charts side by side where the page is wide enough.</summary>
    /// <param name="options">What <see cref="Charts"/> makes.</param>
    /// <param name="height">Their height in pixels.</param>
    public HtmlReport ChartRow(IEnumerable<JsonObject> options, int height = 320)
    {
        ArgumentNullException.ThrowIfNull(options);
        _body.Append("<div class=\"row\">\n");
        foreach (JsonObject option in options)
        {
            _body.Append("<div>");
            Chart(option, height);
            _body.Append("</div>\n");
        }
        _body.Append("</div>\n");
        return this;
    }

    /// <summary>Adds a text whose pieces are coloured by how much they count.</summary>
    /// <param name="words">The pieces, in order; a blank is put between them.</param>
    /// <param name="caption">A line above.</param>
    public HtmlReport Words(IEnumerable<MarkedWord> words, string caption)
    {
        ArgumentNullException.ThrowIfNull(words);
        _body.Append(null, $"<figure class=\"words\"><figcaption>{Escape(caption)}</figcaption><p>");
        foreach (MarkedWord word in words)
        {
            int strength = (int)Math.Round(60 * Math.Min(1, Math.Abs(word.Weight)));
            string colour = word.Weight < 0 ? "47,111,222" : "224,123,57";
            _body.Append(null, $"<span style=\"background:rgba({colour},{strength / 100.0})\">{Escape(word.Text)}</span> ");
        }
        _body.Append("</p></figure>\n");
        return this;
    }

    /// <summary>Adds pictures in a grid.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="side">The longest side of each on the page, in pixels.</param>
    /// <param name="columns">How many stand in a row; as many as there is room for unless told.</param>
    public HtmlReport Pictures(IEnumerable<Picture> pictures, int side = 84, int? columns = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        string fixedColumns = columns is { } count ? $";grid-template-columns:repeat({count},minmax(0,{side + 60}px))" : "";
        _body.Append(null, $"<div class=\"pictures\" style=\"--side:{side}px{fixedColumns}\">\n");
        foreach (Picture picture in pictures)
        {
            _body.Append(null, $"<figure><img alt=\"{Escape(picture.Caption)}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.Png.Span)}\"><figcaption>{Escape(picture.Caption)}");
            if (picture.Verdict is not null)
            {
                string colour = picture.IsRight switch { true => "right", false => "wrong", null => "" };
                _body.Append(null, $"<br><span class=\"{colour}\">{Escape(picture.Verdict)}</span>");
            }
            _body.Append("</figcaption></figure>\n");
        }
        _body.Append("</div>\n");
        return this;
    }

    /// <summary>The whole page.</summary>
    public string Render()
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append(null, $"<title>{Escape(title)}</title>\n<style>\n{Resources.Text("report.css")}</style>\n</head>\n<body>\n<h1>{Escape(title)}</h1>\n<p class=\"subtitle\">{Escape(subtitle)}</p>\n");
        page.Append(_body);
        if (_hasCharts)
        {
            page.Append(null, $"<script>{Resources.Text("echarts.min.js")}</script>\n<script>\n{Resources.Text("report.js")}</script>\n");
        }
        return page.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the page; <paramref name="path"/> is either the old file or the whole new one.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, Render());

    private void Row(string element, IReadOnlyList<string> cells)
    {
        _body.Append("<tr>");
        for (int column = 0; column < cells.Count; column++)
        {
            string style = column == 0 ? "" : " class=\"number\"";
            _body.Append(null, $"<{element}{style}>{Escape(cells[column])}</{element}>");
        }
        _body.Append("</tr>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    // JSON inside a script element must not be able to end it.
    private static string ForScript(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal);
}
