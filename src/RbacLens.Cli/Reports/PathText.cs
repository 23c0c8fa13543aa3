using RbacLens.Access;
using RbacLens.Paths;

namespace RbacLens.Cli.Reports;

/// <summary>Paths as something to read: each step one sentence, with its grant.</summary>
static class PathText
{
    const int CutsShown = 5;

    public static void Write(PathAnswer answer, TextWriter output, ReportStyle style)
    {
        var text = new Lines(output, Math.Max(style.Width, 40));
        text.Wrap("", Heading(answer));
        if (answer.Paths.IsEmpty)
            text.Wrap("", Nothing(answer));
        foreach (var path in answer.Paths)
            Write(path, text);
        if (!answer.Paths.IsEmpty)
            Write(answer, text);
        foreach (var note in answer.Notes)
            text.Wrap("", $"note: {note}");
        foreach (var gap in answer.Gaps)
            text.Wrap("", $"not checked: {gap.Detail}; there may be further paths{(gap.Kind == "Namespace" ? ", and some of these may be forbidden by Pod Security" : "")}");
    }

    static string Heading(PathAnswer answer)
    {
        var where = $"{answer.Cluster.Context}{(answer.Cluster.Version is { } version ? $", Kubernetes {version}" : "")}";
        var count = answer.Paths.Length switch { 0 => "no path", 1 => "1 path", var many => $"{many} paths" };
        return $"{where}: {answer.Question}? {count}.";
    }

    // That none was found is said with what was looked at, lest it reads as a clean bill.
    static string Nothing(PathAnswer answer) => answer.Starts == 0
        ? "There is nowhere to start from: the input names nobody beyond what Kubernetes ships and whoever holds everything, or no workload."
        : $"Looked for from {answer.Starts} {(answer.Starts == 1 ? "start" : "starts")}, by what the RBAC objects and workloads of the input show. That is no proof that there is "
            + "none: other authorizers, identities of the cloud, applications and flaws in software are not seen.";

    static void Write(Paths.Path path, Lines text)
    {
        text.Blank();
        text.Wrap("", $"{PathWords.Of(path.From)} -> {PathWords.Of(path.To)} ({path.Steps.Length} {(path.Steps.Length == 1 ? "step" : "steps")})");
        foreach (var (number, step) in path.Steps.Index())
        {
            text.Wrap($"  {number + 1}. ", step.Sentence);
            foreach (var grant in step.Requests.Select(request => Grant(request.Grant)).Distinct())
                text.Wrap("       ", grant);
        }
    }

    static string Grant(Grant grant) => $"by {grant.Binding.Kind} {Place(grant.Binding.Scope, grant.Binding.Name)} "
        + $"({grant.Role.Kind} {Place(grant.Role.Scope, grant.Role.Name)}) to {grant.Subject}";

    static string Place(Rbac.Scope scope, string name) => scope.IsCluster ? name : $"{scope.Namespace}/{name}";

    static void Write(PathAnswer answer, Lines text)
    {
        text.Blank();
        var (points, leftOut) = answer.ChokePoints;
        text.Wrap("", points.IsEmpty ? "What to remove first: no binding by itself cuts anybody off, each leaves another way."
            : leftOut.Further > 0 ? $"What to remove first, the {points.Length} bindings that cut most:" : "What to remove first:");
        foreach (var point in points)
        {
            text.Wrap("  ", $"{point.Binding.Kind} {Place(point.Binding.Scope, point.Binding.Name)}: {Cuts(point)}");
            text.Wrap("       ", $"{point.Breaks}{Used(point)}");
        }

        if (!points.IsEmpty && points[0].Of > 1 && points[0].Cuts.Length < points[0].Of)
            text.Wrap("", $"No single binding cuts all {points[0].Of}.");
        if (PathWords.Of(leftOut) is { } more)
            text.Wrap("", more);
    }

    // Who still comes to a lesser goal is not cut off.
    static string Cuts(ChokePoint point)
    {
        var off = point.Cuts.Except(point.Lowers.Select(lowered => lowered.From)).Select(target => target.ToString()).ToList();
        var verbs = new[] { off.Count == 0 ? null : $"cuts {off.Count}", point.Lowers.IsEmpty ? null : $"lowers {point.Lowers.Length}" }.OfType<string>();
        var who = off.Concat(PathWords.Lowered(point)).ToList();
        return $"{string.Join(" and ", verbs)} of {point.Of} ({string.Join("; ", who.Take(CutsShown))}{(who.Count > CutsShown ? $"; and {who.Count - CutsShown} more" : "")})";
    }

    static string Used(ChokePoint point) => point.Usage switch
    {
        null => "",
        { Requests: 0 } => "; never used within the audit log",
        { } used => $"; used {used.Requests} times{(used.Last is { } last ? $", last {JsonReport.Time(last)}" : "")}",
    };

    /// <summary>Lines that fit, with cluster text made harmless.</summary>
    sealed class Lines(TextWriter output, int width)
    {
        public void Blank() => output.Write('\n');

        public void Wrap(string indent, string text)
        {
            var line = indent;
            var isFresh = true;
            foreach (var word in Words.Printable(text).Split(' '))
            {
                if (!isFresh && line.Length + 1 + word.Length > width)
                {
                    output.Write(line + "\n");
                    (line, isFresh) = (new string(' ', indent.Length), true);
                }

                line += isFresh ? word : " " + word;
                isFresh = false;
            }

            output.Write(line.TrimEnd() + "\n");
        }
    }
}
