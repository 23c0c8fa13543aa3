using RbacLens.Cli.Reports.Html;
using RbacLens.Paths;

namespace RbacLens.Cli.Reports.Pdf.Chapters;

/// <summary>How identities that are not meant to be powerful come to power, and which bindings to cut first.</summary>
static class PathsChapter
{
    const int Listed = 25, Chokes = 10;

    static readonly Column[] ChokeColumns = [new("Binding", 210), new("Cuts off", 80), new("What else would be lost", Flow.FullWidth - 290)];

    static readonly Column[] PathColumns = [new("From", 130), new("Steps", Flow.FullWidth - 230), new("To", 100)];

    public static void Write(Flow flow, Plan plan)
    {
        var posture = plan.Posture;
        if (!PathWords.AreAsked(posture))
            return;
        flow.Chapter("Where it leads", plan.Paths, () =>
        {
            const string text = "How identities that are not meant to be powerful come to power, by the shortest way of each.";
            flow.Write(new(posture.Paths.IsEmpty ? PathWords.None(posture) : text, flow.Look.Body));
            if (posture.Paths.IsEmpty)
                return;
            PathFigure.Write(flow, Heading(flow, "The picture"), posture.Paths);
            if (!posture.ChokePoints.IsEmpty)
                Table.Write(flow, Heading(flow, "Bindings to cut first"), ChokeColumns, posture.ChokePoints.Take(Chokes).Select(point => Row(flow.Look, point)));
            if (PathWords.Of(posture.ChokePointsLeftOut) is { } more)
                flow.Write(new(more, flow.Look.Fine) { Before = 4 });
            Table.Write(flow, Heading(flow, "Paths"), PathColumns, posture.Paths.Take(Listed).Select(path => Row(flow.Look, path)));
            if (posture.Paths.Length > Listed)
                flow.Write(new($"and {Wording.Number(posture.Paths.Length - Listed)} more, none shorter; the JSON report has all of them.", flow.Look.Fine) { Before = 4 });
        }, isShort: true);
    }

    static Block Heading(Flow flow, string title) => new(title, flow.Look.H3) { Tag = "H2", Before = 10 };

    static Block[][] Row(Look look, ChokePoint point) =>
    [
        [new(Wording.Named(point.Binding.Kind, point.Binding.Scope, point.Binding.Name), look.CellStrong)],
        [new($"{Wording.Number(point.Cuts.Length)} of {Wording.Number(point.Of)}", look.Cell), .. PathWords.Lowered(point).Take(3).Select(lowered => new Block(lowered, look.Fine))],
        [new(point.Breaks, look.Cell)],
    ];

    static Block[][] Row(Look look, Paths.Path path) =>
    [
        [new(path.From.Kind, look.Cell.In(Look.Quiet)), new(Wording.Name(path.From), look.CellStrong)],
        [.. path.Steps.SelectMany((step, i) => Step(look, step, i + 1))],
        [new(PathModel.Goal(path.To), look.CellStrong)],
    ];

    static IEnumerable<Block> Step(Look look, Step step, int number)
    {
        yield return new($"{number}. {step.Sentence}", look.Cell) { Before = number == 1 ? 0 : 2 };
        foreach (var binding in step.Requests.Select(request => request.Grant.Binding).DistinctBy(binding => (binding.Scope, binding.Name)))
            yield return new($"through {Wording.Named(binding.Kind, binding.Scope, binding.Name)}", look.Fine);
    }
}
