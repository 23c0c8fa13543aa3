using System.Collections.Immutable;
using System.Text;

namespace RbacLens.Cli.Reports.Html;

/// <summary>An object that templates see.</summary>
/// <param name="Name">What it is called: <c>finding</c>.</param>
/// <param name="Note">A sentence about it; empty for none.</param>
/// <param name="Variables">What is in it.</param>
sealed record TemplateObject(string Name, string Note, ImmutableArray<TemplateVariable> Variables);

/// <summary>A name that templates see.</summary>
/// <param name="Name">The name.</param>
/// <param name="Object">The object it is, or is a list of; empty for texts.</param>
/// <param name="What">What it is, in Markdown.</param>
sealed record TemplateVariable(string Name, string Object, string What);

/// <summary>
/// Every name that templates see. <c>rbac-lens template variables</c> prints it, templates/README.md has it, and tests hold both against what
/// the reports hand to their templates.
/// </summary>
static class TemplateVariables
{
    /// <summary>The objects, from the page inwards.</summary>
    public static ImmutableArray<TemplateObject> All { get; } = [.. Read()];

    /// <summary>Tables for people.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach (var (name, note, variables) in All)
        {
            text.Append(null, $"\n### {name}\n\n{(note.Length == 0 ? "" : $"{note}\n\n")}| name | what | object |\n| --- | --- | --- |\n");
            foreach (var variable in variables)
                text.Append(null, $"| `{variable.Name}` | {variable.What} | {(variable.Object.Length == 0 ? "" : $"{variable.Object} ")}|\n");
        }

        return text.ToString();
    }

    static IEnumerable<TemplateObject> Read() =>
        from part in $"\n{Text}".Split("\n# ", StringSplitOptions.RemoveEmptyEntries)
        let lines = part.TrimEnd().Split('\n')
        select new TemplateObject(
            lines[0], string.Join('\n', lines.Where(line => line.StartsWith("> ", StringComparison.Ordinal)).Select(line => line[2..])),
            [.. lines.Skip(1).Where(line => !line.StartsWith("> ", StringComparison.Ordinal)).Select(Variable)]);

    static TemplateVariable Variable(string line)
    {
        var bar = line.IndexOf(" | ", StringComparison.Ordinal);
        var name = line[..bar].Split(": ");
        return new(name[0], name.Length > 1 ? name[1] : "", line[(bar + 3)..]);
    }

    // An object begins with #; then come a note after >, and its names, each with the object it is after a colon, and what it is after a bar.
    const string Text = """
        # page
        title | title of the page
        kind | what kind of report it is: `RBAC posture`, `Upgrade from 1.33 to 1.36`
        ownTitle | what `--title` says, or null
        logo | the picture of `--logo` as an address that holds it, or null
        grade: grade | how it stands, in a letter
        change: change | what changed since an earlier posture; null without `--compare`
        holders: holder | the subjects with the gravest findings
        heat: heat | the map of namespaces and areas; or null
        frameworks: framework | frameworks, control by control
        acceptances: accepted | accepted findings, soonest to expire first
        idleAcceptances: idle | entries of the suppressions file that accept nothing
        asksPaths | whether it was asked where permissions lead
        noPath | that there is no path, and how far that can be trusted; null where there are paths
        picture: picture | the picture of the paths; null where there are none
        paths: path | the hundred shortest paths
        morePaths | how many more, or null
        chokes: choke | bindings without which most paths are gone
        moreChokes | how many such bindings are not listed, in words, or null
        detections: detection | the hundred worst detections of the audit log
        moreDetections | how many more, or null
        log: log | the window of the audit log; null without one
        scope | what was looked at and what was left out, in sentences
        cluster: cluster | which cluster
        collectedAt | when, ISO 8601, UTC
        collectedOn | when, for people, UTC
        tool | name and version of the program that judged
        verdict: verdict | how it stands
        severities: severity | open findings per severity, worst first
        total | number of findings, as in `14 findings`
        accepted | number of accepted findings; a number
        hiddenStock | findings left out because they ship with Kubernetes, as in `41 findings`; or null
        risks: risk | the six worst policies
        gaps: gap | what could not be read
        undecided | how many policies could not be decided, as in `2 policies`; or null
        areas: area | areas with open findings
        idleAreas | the areas without, as in `cloud, nodes`; or null
        counts: count | objects that were read
        filters: filters | what findings can be narrowed to
        groups: group | findings that are in the page, by severity; accepted ones last
        inline | number of findings in the page
        deferred | number of further findings; or null
        policies: policy | every policy that was asked
        style | the style sheet
        script | the script
        contentSecurityPolicy | the policy for this style and script
        > `{{data}}` writes what the script reads.
        # cluster
        context | kubeconfig context, or the file that was read
        version | Kubernetes version, or null
        source | `live cluster`, `dump of a cluster` or `manifests`
        # verdict
        level | id of the worst severity that is open, `undecided` or `clear`
        headline | one sentence
        detail | what stands behind it
        # grade
        letter | `A`, `B`, `C`, `D`, `F`, or a dash where nothing was judged
        level | `clear`, or the id of a severity, for the style sheet
        atBest | whether something that could not be read may hide worse
        covers | what it is about where that is not everything, as in `CIS controls`; or null
        meaning | what the letter means
        reasons | why, in sentences
        # change
        since | day of the earlier posture
        context | what it was about, where that was something else; or null
        tool | what judged it, where that was another version; or null
        tallies: tally | numbers of new, changed, resolved findings and so on
        resolved: gone | the first of the findings that are gone
        moreResolved | how many more, or null
        unclear: gone | the first of those that are gone without being resolved
        moreUnclear | how many more, or null
        # tally
        name | `New`, `Resolved`, …
        count | how many
        link | leads to these findings; or null
        # gone
        severity: severity | how bad it was
        subject: subject | about whom
        title | title of its policy
        where | where it held
        # holder
        severity: severity | the worst of its open findings
        subject: subject | who
        link | leads to the page of the subject; or null
        count | its open findings, as in `3 findings`
        # heat
        areas | the columns
        rows: place | the rows
        more | how many more, as in `4 namespaces`; or null
        # place
        place | `Whole cluster`, or a namespace
        link | leads to its findings
        total | open findings there
        cells: cell | one for each area
        # cell
        any | whether there are findings
        count | how many
        severity: severity | the worst of them, or null
        link | leads to them
        # framework
        id | `CIS`, `NSA`, …
        title | its name
        version | its edition
        url | where it is published, or null
        failed | controls with open findings
        passed | controls without, everything they need having been read
        unassessed | the others
        controls: control | its controls
        # control
        id | its number
        title | what it asks for
        status | `pass`, `fail`, `unassessed`
        statusName | the same for people
        because | why
        link | leads to its findings, or null
        # accepted
        fingerprint | of the finding
        severity: severity | how bad
        subject: subject | about whom
        title | title of its policy
        by | who accepted it
        reason | why
        until | the last day, or null for ever
        expires | that it is about to expire, in words; or null
        # idle
        policy | the policy that the entry names
        subject | the subject that it names
        by | who accepted it
        reason | why
        became | that it expired, or that there is no such finding
        # picture
        svg | an SVG element, escaped by the program: write it as `{{{picture.svg}}}`
        legend | what the shapes mean
        leftOut | how many paths are not in it, as in `3 paths are`; or null
        # path
        from: subject | who
        goal | where it leads
        length | as in `2 steps`
        steps: step | the steps
        # step
        sentence | what happens
        becomes | who or what one is afterwards
        asks: ask | what is asked of the API server
        # ask
        request | the request
        binding: subject | what allows it
        # choke
        binding: subject | the binding
        cut | how many no longer get there without it
        lowers | who of them still comes to a lesser goal, in words, or null
        of | how many get there now
        breaks | what else would be lost
        # detection
        severity: severity | how bad
        title | what it is called
        because | what was done
        user | who authenticated
        actingAs | whom they impersonated, or null
        target | what it was about
        requests | how many
        last | when last
        acceptance: acceptance | who said that it is fine, or null
        # log
        from | when it begins
        to | when it ends
        requests | requests in it
        unused | bindings without use
        bindings | bindings
        # severity
        id | `critical`, `high`, `medium`, `low`, `info`
        name | the same for people
        count | open findings; only in `severities`
        any | whether there are any; only in `severities`
        meaning | what it asks of people; only in `severities`
        # risk
        severity: severity | the worst severity of the policy's findings
        policy | id of the policy
        title | title of the policy
        count | findings of that severity, as in `3 findings`
        examples: example | up to three of them
        more | how many more, or null
        # example
        fingerprint | of the finding; a link to `#` and this opens it
        subject: subject | about whom
        where | where it holds, in a word or two
        # subject
        > A subject, or an object such as a binding or a Secret.
        kind | Kubernetes kind, or `Cluster`
        namespace | empty for what has none
        name | empty for the cluster
        text | namespace and name, as in `ci/pipeline`
        # gap
        kind | Kubernetes kind, or `Everything`
        reason | why, in a word or two
        details | up to ten lines
        more | how many more, or null
        undecided | ids of the policies it leaves undecided
        leaves | how many, as in `2 policies`; or null
        # area
        name | area of policies
        total | open findings
        severities: severity | open findings per severity
        bar: bar | parts of a bar
        # bar
        id | id of the severity
        x | left edge in percent of the longest bar
        width | width likewise
        # count
        kind | Kubernetes kind
        count | objects read
        # filters
        areas | areas that have findings
        frameworks | frameworks and controls that findings are about
        uses | whether an audit log was read
        changes | whether there is something to compare with
        kinds | kinds that findings are about
        namespaces | namespaces that findings hold in or are about
        # group
        id | id of the severity, or `accepted`
        name | the same for people
        count | findings, deferred ones included
        findings: finding | those in the page
        # finding
        fingerprint | stays the same as long as policy, subject and scopes do
        severity: severity | how bad
        subject: subject | about whom, or which object
        where | `Whole cluster`, a namespace, or how many namespaces
        wholeCluster | whether it holds for the whole cluster
        namespaces | the namespaces, where there are several
        because | what it can do and why that is rated so
        change | what became of it: `new`, `changed`, `reopened`, `accepted`; or null
        lead | fingerprint of the worse finding about the same subject that it stands beside; or null
        use | how it was used, in words; null without an audit log
        holder | leads to the page of its subject; or null
        places | file and line of the manifests
        stock | whether everything about it ships with Kubernetes
        acceptance: acceptance | who accepted it, or null
        deferred | whether it travels as data
        policy: policy | the policy; when deferred only `id` and `title`
        evidence: evidence | the grants; when deferred only whether there are any
        # acceptance
        by | who accepted it
        reason | why
        until | the last day, or null for ever
        # evidence
        binding: subject | the binding
        role: subject | the role it refers to
        subject: subject | whom the binding names, where that is not the finding's subject; or null
        rules: rule | the rules that matter
        # rule
        number | which rule of the role, from 1; a number
        of | how many rules the role has; a number
        yaml | the rule, one line per field
        # policy
        id | id of the policy
        area | its area
        title | its title
        why | paragraphs: what an attacker does with it
        fix | paragraphs: what to change
        references: reference | where else it is written
        found | whether it found anything; only in `policies`
        undecided | whether something it needs could not be read; only in `policies`
        outcome | what came of it, in words; only in `policies`
        # reference
        text | framework and number, or the address
        url | a web address to link to, or null
        # trend
        > The page of `trend -o html`, which `trend.hbs` writes; it has no script.
        style | the style sheet
        contentSecurityPolicy | the policy for this style
        clusters: history | each cluster that the folder has postures of
        # history
        context | kubeconfig context, or the file that was read
        summary | how many postures, from when to when, and what became of the open findings
        hasChart | whether there is more than one moment to draw a chart of
        bands: band | the areas of the chart, worst severity first
        marks: mark | days at its foot
        lines: line | lines across it
        points: point | the postures, latest first
        # band
        id | id of the severity
        name | the same for people
        outline | the points of a polygon in a drawing of 1000 by 260
        # mark
        x | where, from the left
        day | the day
        anchor | `start`, `middle` or `end`, for the text
        # line
        y | where, from the top
        value | what it stands for
        # point
        collectedAt | when, ISO 8601, UTC
        collectedOn | when, for people, UTC
        grade: grade | how it stood
        severities: severity | open findings per severity, worst first
        accepted | number of accepted findings
        gaps | how many things could not be read
        fresh | findings that the one before did not have; empty for the first
        resolved | findings of the one before that are resolved; empty for the first
        tool | name and version of the program that judged
        file | the file it was read from
        """;
}
