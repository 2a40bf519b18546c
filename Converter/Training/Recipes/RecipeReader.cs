using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Edge.Training.Recipes;

/// <summary>Reads the YAML of a recipe: maps, lists and scalars; no anchors, no tags, one document.</summary>
internal static class RecipeReader
{
    private const int MaximumLength = 1 << 18;
    private const int MaximumDepth = 12;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TrainingException">It is missing, too large, or no such YAML.</exception>
    public static (string Text, RecipeNode Root) Load(string path)
    {
        string text;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaximumLength })
            {
                throw new TrainingException($"{path}: is larger than {MaximumLength >> 10} KiB: this is no recipe");
            }
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{path}: cannot be read ({e.Message.TrimEnd('.')}); name a recipe", e);
        }
        RecipeNode root = Parse(text, line => $"{path}:{line}");
        return root.Entries is null && !root.IsEmpty ? throw new TrainingException($"{root.Place}: a recipe is a map of keys and values") : (text, root);
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="place">What a line is called in messages.</param>
    public static RecipeNode Parse(string text, Func<long, string> place)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return new RecipeNode(place(1)) { Text = "" };
            }
            parser.Consume<DocumentStart>();
            RecipeNode root = Read(parser, place, 0);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? root : throw new TrainingException($"{place(Line(parser))}: a second document begins; write one");
        }
        catch (YamlException e)
        {
            throw new TrainingException($"{place(e.Start.Line)}: is no YAML ({e.Message.Split('\n')[0].TrimEnd('.')})", e);
        }
    }

    private static RecipeNode Read(Parser parser, Func<long, string> place, int depth)
    {
        string here = place(Line(parser));
        if (depth > MaximumDepth)
        {
            throw new TrainingException($"{here}: is nested deeper than {MaximumDepth} levels");
        }
        if (parser.Current is NodeEvent node && (!node.Tag.IsEmpty || !node.Anchor.IsEmpty))
        {
            throw new TrainingException($"{here}: tags and anchors are not used in recipes; write the value itself");
        }
        if (parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            bool isNothing = scalar.Style == ScalarStyle.Plain && scalar.Value is "null" or "~";
            return new RecipeNode(here) { Text = isNothing ? "" : scalar.Value };
        }
        if (parser.TryConsume<SequenceStart>(out SequenceStart? _))
        {
            var items = new List<RecipeNode>();
            while (!parser.TryConsume<SequenceEnd>(out SequenceEnd? _))
            {
                items.Add(Read(parser, place, depth + 1));
            }
            return new RecipeNode(here) { Items = items };
        }
        if (!parser.TryConsume<MappingStart>(out MappingStart? _))
        {
            throw new TrainingException($"{here}: anchors are not used in recipes; write the value itself");
        }
        var entries = new List<KeyValuePair<string, RecipeNode>>();
        while (!parser.TryConsume<MappingEnd>(out MappingEnd? _))
        {
            string at = place(Line(parser));
            string key = parser.TryConsume<Scalar>(out Scalar? name) ? name.Value : throw new TrainingException($"{at}: a key is a word");
            if (entries.Exists(entry => entry.Key == key))
            {
                throw new TrainingException($"{at}: '{key}' is written twice");
            }
            entries.Add(KeyValuePair.Create(key, Read(parser, place, depth + 1)));
        }
        return new RecipeNode(here) { Entries = entries };
    }

    private static long Line(Parser parser) => parser.Current?.Start.Line ?? 1;
}
