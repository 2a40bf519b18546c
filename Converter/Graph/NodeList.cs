using System.Collections;

namespace Edge.Graph;

/// <summary>The nodes of a graph in order: a linked list, so that inserting and removing cost the same anywhere.</summary>
public sealed class NodeList : IReadOnlyCollection<Node>
{
    internal NodeList()
    {
    }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>The first node, or null.</summary>
    public Node? First { get; private set; }

    /// <summary>The last node, or null.</summary>
    public Node? Last { get; private set; }

    /// <summary>Walks the nodes in order; the node just returned may be removed meanwhile, and nodes inserted behind it are met.</summary>
    public IEnumerator<Node> GetEnumerator()
    {
        for (Node? node = First; node is not null;)
        {
            Node? next = node.Next;
            yield return node;
            // A node that is still here knows best what follows it; one that was removed does not.
            node = node.IsInGraph ? node.Next : next;
        }
    }

    /// <summary>Walks the nodes from last to first; the node just returned may be removed meanwhile.</summary>
    public IEnumerable<Node> Backwards()
    {
        for (Node? node = Last; node is not null;)
        {
            Node? previous = node.Previous;
            yield return node;
            node = node.IsInGraph ? node.Previous : previous;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Append(Node node) => Insert(node, Last, null);

    internal void InsertBefore(Node node, Node anchor) => Insert(node, anchor.Previous, anchor);

    internal void Remove(Node node)
    {
        if (node.Previous is { } previous)
        {
            previous.Next = node.Next;
        }
        else
        {
            First = node.Next;
        }
        if (node.Next is { } next)
        {
            next.Previous = node.Previous;
        }
        else
        {
            Last = node.Previous;
        }
        node.Previous = node.Next = null;
        node.IsInGraph = false;
        Count--;
    }

    internal void Reorder(IReadOnlyList<Node> order)
    {
        First = Last = null;
        Count = 0;
        foreach (Node node in order)
        {
            Append(node);
        }
    }

    private void Insert(Node node, Node? previous, Node? next)
    {
        node.Previous = previous;
        node.Next = next;
        node.IsInGraph = true;
        if (previous is null)
        {
            First = node;
        }
        else
        {
            previous.Next = node;
        }
        if (next is null)
        {
            Last = node;
        }
        else
        {
            next.Previous = node;
        }
        Count++;
    }
}
