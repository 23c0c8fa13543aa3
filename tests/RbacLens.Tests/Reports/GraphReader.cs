using System.Globalization;
using System.Text;

namespace RbacLens.Tests.Reports;

/// <summary>
/// Reads the small part of Graphviz' and Mermaid's languages that graphs of paths need, by the grammar of each, and refuses everything else: what
/// a name smuggles in is either a part of a label or an error.
/// </summary>
sealed class GraphReader(string text)
{
    int at;

    public sealed record Graph(List<(string Id, string Label)> Nodes, List<(string From, string To, string Label)> Arrows);

    /// <summary>graphviz.org/doc/info/lang.html: <c>digraph ID { statements }</c>, labels with the escapes of escString and character references.</summary>
    public static Graph Dot(string text)
    {
        var reader = new GraphReader(text);
        var graph = new Graph([], []);
        reader.Expect("digraph");
        reader.Id();
        reader.Expect("{");
        while (!reader.Takes("}"))
            reader.Statement(graph);
        reader.End();
        return graph;
    }

    void Statement(Graph graph)
    {
        var id = Id();
        if (Takes("="))
            Id();
        else if (Takes("->"))
            graph.Arrows.Add((id, Id(), Label(Attributes(), graph)));
        else if (Attributes() is var attributes && id is not ("node" or "edge" or "graph"))
            graph.Nodes.Add((id, Label(attributes, graph)));
        Expect(";");
    }

    static string Label(Dictionary<string, string> attributes, Graph graph) =>
        attributes.TryGetValue("label", out var label) ? label : throw new FormatException($"no label, after {graph.Nodes.Count} nodes");

    Dictionary<string, string> Attributes()
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect("[");
        do
        {
            var name = Id();
            Expect("=");
            Space();
            attributes.Add(name, text[at] == '"' ? Escaped(Quoted()) : Id());
        }
        while (Takes(","));
        Expect("]");
        return attributes;
    }

    // The lexer undoes \" alone, and leaves the other escapes to the label.
    string Quoted()
    {
        var from = ++at;
        while (text[at] != '"')
            at += text[at] == '\\' ? 2 : 1;
        return text[from..at++];
    }

    static string Escaped(string quoted)
    {
        var label = new StringBuilder();
        for (var i = 0; i < quoted.Length; i++)
            label.Append(quoted[i] switch
            {
                '\\' => quoted[++i] is '\\' or '"' ? quoted[i] : throw new FormatException($"\\{quoted[i]} means something to Graphviz"),
                '&' => quoted.AsSpan(i).StartsWith("&amp;", StringComparison.Ordinal) && (i += 4) > 0 ? '&' : throw new FormatException("a character reference"),
                '\n' or '\r' or '\0' => throw new FormatException("a label of several lines"),
                var letter => letter,
            });
        return label.ToString();
    }

    /// <summary>Mermaid's flowchart: one statement a line, labels in quotes, in which nothing but character references means anything.</summary>
    public static Graph Mermaid(string text)
    {
        var graph = new Graph([], []);
        var lines = text.TrimEnd('\n').Split('\n');
        Assert.Equal("flowchart LR", lines[0]);
        foreach (var line in lines[1..])
        {
            var reader = new GraphReader(line);
            var id = reader.Id();
            if (reader.Takes("-->"))
            {
                reader.Expect("|");
                var label = reader.Entities();
                reader.Expect("|");
                graph.Arrows.Add((id, reader.Id(), label));
            }
            else
            {
                var isRound = reader.Takes("([");
                if (!isRound)
                    reader.Expect("[");
                graph.Nodes.Add((id, reader.Entities()));
                reader.Expect(isRound ? "])" : "]");
            }

            reader.End();
        }

        return graph;
    }

    string Entities()
    {
        Expect("\"");
        var label = new StringBuilder();
        while (text[at] != '"')
            if (text[at] == '#')
            {
                var end = text.IndexOf(';', at);
                label.Append(new Rune(int.Parse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture)));
                at = end + 1;
            }
            else
                label.Append(char.IsAsciiLetterOrDigit(text[at]) || " -_./:@*()".Contains(text[at]) ? text[at++] : throw new FormatException($"{text[at]} in a label"));
        at++;
        return label.ToString();
    }

    string Id()
    {
        Space();
        var from = at;
        if (text[at] == '"')
            return Quoted();
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.'))
            at++;
        return at > from ? text[from..at] : throw new FormatException($"{text[at..]}: no identifier");
    }

    bool Takes(string token)
    {
        Space();
        if (!text.AsSpan(at).StartsWith(token, StringComparison.Ordinal))
            return false;
        at += token.Length;
        return true;
    }

    void Expect(string token)
    {
        if (!Takes(token))
            throw new FormatException($"{text[at..]}: expected {token}");
    }

    void End()
    {
        Space();
        if (at < text.Length)
            throw new FormatException($"{text[at..]}: nothing more was expected");
    }

    void Space()
    {
        while (at < text.Length && text[at] is ' ' or '\n')
            at++;
    }
}
