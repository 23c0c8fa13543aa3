namespace RbacLens.Cli.Reports.Answers;

/// <summary>Rows of text under headings. Cells are as they come from the cluster; whoever writes them makes them safe for where they go.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">The cells, as many in each row as there are columns.</param>
sealed record Sheet(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
