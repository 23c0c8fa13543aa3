namespace RbacLens.Cli.Reports.Pdf;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its header; a table whose headers are all empty has no header row.</param>
/// <param name="Width">In points, the gap to the next column included.</param>
sealed record Column(string Title, double Width)
{
    /// <summary>Whether it holds numbers, which end at its right edge.</summary>
    public bool IsRight { get; init; }
}

/// <summary>
/// A table: the header row is repeated on every page, and a row that is too long for what is left of a page continues on the next. The
/// first cell of a row is the row's header.
/// </summary>
sealed class Table
{
    const double Padding = 4, Gap = 10;

    // A row is divided between pages when at least so much of it stays and at least so much of it goes; else it moves as a whole.
    const double LeastStaying = 120, LeastGoing = 48;
    const double HeaderHeight = 20;

    readonly Flow flow;
    readonly IReadOnlyList<Column> columns;
    readonly StructureElement table;
    readonly double width;
    readonly bool hasHeader;

    Table(Flow flow, IReadOnlyList<Column> columns)
    {
        this.flow = flow;
        this.columns = columns;
        table = flow.Parent.Add("Table");
        width = columns.Sum(column => column.Width);
        hasHeader = columns.Any(column => column.Title.Length > 0);
    }

    /// <summary>Writes a table where the flow is.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">For each row its cells, for each cell its blocks.</param>
    public static void Write(Flow flow, IReadOnlyList<Column> columns, IEnumerable<Block[][]> rows)
    {
        Table? writer = null;
        foreach (var row in rows)
        {
            if (writer is null)
                (writer = new(flow, columns)).Begin(row);
            writer.WriteRow(row);
        }
        flow.Y += 8;
    }

    /// <summary>Writes a table below its heading, on the same page.</summary>
    public static void Write(Flow flow, Block heading, IReadOnlyList<Column> columns, IEnumerable<Block[][]> rows)
    {
        var all = rows.ToList();
        void WriteHeading(Flow to) => to.Heading(heading, new(), keep: 0);
        if (all.Count > 0)
            flow.Keep(WriteHeading, room => Begins(columns, all[0], room));
        WriteHeading(flow);
        Write(flow, columns, all);
    }

    /// <summary>Whether a table can begin where so many points are left.</summary>
    public static bool Begins(IReadOnlyList<Column> columns, Block[][] firstRow, double room) => Starts(Height(columns, firstRow), room - HeaderHeight);

    // The header never stands alone at the foot of a page.
    void Begin(Block[][] firstRow)
    {
        if (!Begins(columns, firstRow, flow.Remaining))
            flow.NewPage();
        if (hasHeader)
            WriteHeader(isRepeated: false);
        else
            flow.Page.Decorate(() => flow.Page.Rule(Look.Hairline, 0.5, Flow.Left, flow.Y, width));
    }

    void WriteHeader(bool isRepeated)
    {
        var style = flow.Look.FineStrong.In(Look.Accent);
        var row = isRepeated ? new StructureElement("TR") : table.Add("TR");
        var height = style.Leading + (2 * Padding);
        flow.Page.Decorate(() => flow.Page.Fill(Look.Panel, Flow.Left, flow.Y, width, height));
        for (var (i, x) = (0, Flow.Left); i < columns.Count; x += columns[i++].Width)
        {
            var header = row.Add(new StructureElement("TH") { Attributes = "/O/Table/Scope/Column" });
            var title = new Block(columns[i].Title, style) { IsRight = columns[i].IsRight, AtMost = 1 };
            var lines = title.Lines(header, Inner(columns, i)).ToList();
            if (columns[i].Title.Length == 0)
                continue;
            if (isRepeated)
                flow.Page.DecorateMargin(() => lines[0].DrawText(flow.Page, x + Padding, flow.Y + Padding));
            else
                Line.Draw(flow.Page, x + Padding, flow.Y + Padding, lines);
        }
        flow.Y += height;
    }

    void WriteRow(Block[][] cells)
    {
        var row = table.Add("TR");
        var waiting = cells.Select((cell, i) => new Queue<Line>(Lines(cell, Element(row, i), columns, i))).ToArray();
        if (!Starts(Height(waiting), flow.Remaining))
            Continue();
        while (true)
        {
            var isDone = WriteSlice(waiting);
            flow.Page.Decorate(() => flow.Page.Rule(Look.Hairline, 0.5, Flow.Left, flow.Y, width));
            if (isDone)
                return;
            Continue();
            WriteContinued();
        }
    }

    static bool Starts(double height, double room) =>
        height <= room
        || (room >= LeastStaying && height - room >= LeastGoing)
        || (room >= LeastStaying && height > Flow.Bottom - Flow.Top - HeaderHeight);

    // Takes from every cell what fits, and says whether that was all. A page's first slice takes at least a line, so this comes to an end.
    bool WriteSlice(Queue<Line>[] waiting)
    {
        var bottom = flow.Y;
        for (var (i, x) = (0, Flow.Left); i < waiting.Length; x += columns[i++].Width)
            bottom = Math.Max(bottom, WriteCell(waiting[i], x + Padding));
        flow.Y = bottom + Padding;
        return waiting.All(lines => lines.Count == 0);
    }

    double WriteCell(Queue<Line> lines, double x)
    {
        var y = flow.Y + Padding;
        for (var isTop = true; lines.TryPeek(out var first); isTop = false)
        {
            y += isTop ? 0 : first.Before;
            var block = new List<Line>();
            while (lines.TryPeek(out var line) && ReferenceEquals(line.Block, first.Block) && Fits(y + ((block.Count + 1) * line.Height)))
                block.Add(lines.Dequeue());
            if (block.Count == 0)
                return y;
            Line.Draw(flow.Page, x, y, block);
            y += block.Count * first.Height;
        }
        return y;
    }

    static bool Fits(double bottom) => bottom + Padding <= Flow.Bottom + 0.01;

    void Continue()
    {
        flow.NewPage();
        if (hasHeader)
            WriteHeader(isRepeated: true);
    }

    void WriteContinued()
    {
        var style = flow.Look.Fine;
        flow.Page.DecorateMargin(() => flow.Page.Text(style, Flow.Left + Padding, flow.Y + Padding + 8, "continued from the page before"));
        flow.Y += style.Leading + Padding;
    }

    static double Inner(IReadOnlyList<Column> columns, int column) =>
        columns[column].Width - (column + 1 < columns.Count ? Gap : 2 * Padding);

    static List<Line> Lines(Block[] cell, StructureElement element, IReadOnlyList<Column> columns, int column) =>
        [.. cell.SelectMany(block => (block with { IsRight = columns[column].IsRight }).Lines(element, Inner(columns, column)))];

    static StructureElement Element(StructureElement row, int column) =>
        row.Add(column == 0 ? new StructureElement("TH") { Attributes = "/O/Table/Scope/Row" } : new StructureElement("TD"));

    static double Height(IReadOnlyList<Column> columns, Block[][] row) =>
        row.Select((cell, i) => Height(Lines(cell, new("TD"), columns, i))).Max();

    static double Height(IEnumerable<Queue<Line>> cells) => cells.Max(Height);

    static double Height(IEnumerable<Line> cell) =>
        cell.Select((line, i) => line.Height + (i == 0 ? 0 : line.Before)).Sum() + (2 * Padding);
}
