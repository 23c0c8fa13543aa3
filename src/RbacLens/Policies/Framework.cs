using System.Collections.Immutable;

namespace RbacLens.Policies;

/// <summary>A published list of controls that policies refer to.</summary>
/// <param name="Id">As in a policy's references: <c>CIS</c>.</param>
/// <param name="Title">Its name.</param>
/// <param name="Version">The edition meant.</param>
/// <param name="Url">Where it is published.</param>
/// <param name="Controls">The controls that are about access, in the framework's own order.</param>
public sealed record Framework(string Id, string Title, string Version, string Url, ImmutableArray<Control> Controls);

/// <summary>One control of a framework.</summary>
/// <param name="Id">As in a policy's references: <c>5.1.1</c>.</param>
/// <param name="Title">What it asks for, in our words.</param>
public sealed record Control(string Id, string Title)
{
    /// <summary>What of it no RBAC object shows, so that silence proves nothing; null where all of it can be seen.</summary>
    public string? Unseen { get; init; }
}

/// <summary>How a cluster stands with one control.</summary>
public enum ControlStatus
{
    /// <summary>Everything it needs was read, and nothing open was found.</summary>
    Pass,

    /// <summary>There are open findings.</summary>
    Fail,

    /// <summary>Nothing was found, and that proves nothing.</summary>
    NotAssessed,
}

/// <summary>One control, judged.</summary>
/// <param name="Control">The control.</param>
/// <param name="Status">How the cluster stands.</param>
/// <param name="Because">Why, in one line.</param>
/// <param name="Policies">The policies that were asked for it, by id.</param>
/// <param name="Findings">What was found, worst first; accepted findings are among them, and do not make it fail.</param>
public sealed record ControlResult(
    Control Control, ControlStatus Status, string Because, ImmutableArray<string> Policies, ImmutableArray<Finding> Findings);

/// <summary>One framework, judged.</summary>
/// <param name="Framework">The framework.</param>
/// <param name="Controls">Its controls, in order.</param>
public sealed record FrameworkResult(Framework Framework, ImmutableArray<ControlResult> Controls)
{
    /// <summary>Judges every framework by what was found.</summary>
    /// <param name="posture">The posture, with its findings accepted where they are; stock findings never count.</param>
    public static ImmutableArray<FrameworkResult> Of(Posture posture)
    {
        var policies = posture.Policies.SelectMany(Keys, (policy, key) => (policy, key)).ToLookup(pair => pair.key, pair => pair.policy);
        var findings = ByControl(posture.Findings);
        var hidden = posture.Gaps.SelectMany(gap => posture.Undecided(gap), (gap, policy) => (gap, policy)).ToLookup(pair => pair.policy, pair => pair.gap);
        return [.. Frameworks.All.Select(framework => new FrameworkResult(framework, [.. framework.Controls.Select(control => Judge(framework, control))]))];

        ControlResult Judge(Framework framework, Control control)
        {
            var asked = policies[(framework.Id, control.Id)].ToList();
            ImmutableArray<Finding> found = [.. findings.GetValueOrDefault((framework.Id, control.Id)) ?? []];
            var (status, because) = Verdict(posture.HasAccess, control, asked, found, [.. asked.SelectMany(policy => hidden[policy.Id]).Distinct()]);
            return new(control, status, because, [.. asked.Select(policy => policy.Id)], found);
        }
    }

    // A policy has thousands of findings, and the same few controls for all of them.
    static Dictionary<(string Framework, string Control), List<Finding>> ByControl(ImmutableArray<Finding> findings)
    {
        var byControl = new Dictionary<(string, string), List<Finding>>();
        var byPolicy = new Dictionary<Policy, List<List<Finding>>>(ReferenceEqualityComparer.Instance);
        foreach (var finding in findings)
        {
            if (finding.IsStock)
                continue;
            if (!byPolicy.TryGetValue(finding.Policy, out var lists))
                byPolicy.Add(finding.Policy, lists = [.. Keys(finding.Policy).Select(Of)]);
            foreach (var list in lists)
                list.Add(finding);
        }

        return byControl;

        List<Finding> Of((string, string) control)
        {
            if (!byControl.TryGetValue(control, out var list))
                byControl.Add(control, list = []);
            return list;
        }
    }

    static IEnumerable<(string Framework, string Control)> Keys(Policy policy) =>
        policy.References.Where(reference => reference.Framework is not null).Select(reference => (reference.Framework!, reference.Id));

    static (ControlStatus Status, string Because) Verdict(bool hasAccess, Control control, List<Policy> asked, ImmutableArray<Finding> found, List<Access.Gap> gaps)
    {
        var open = found.Count(finding => finding.Suppression is null);
        var accepted = found.Length - open;
        var also = accepted == 0 ? "" : $", {accepted} accepted";
        return open > 0 ? (ControlStatus.Fail, $"{open} open {(open == 1 ? "finding" : "findings")}{also}")
            : asked.Count == 0 ? (ControlStatus.NotAssessed, control.Unseen ?? "no policy was asked for it")
            : gaps.Count > 0 ? (ControlStatus.NotAssessed, $"not read: {string.Join(", ", gaps.Select(gap => gap.Kind).Distinct().Order(StringComparer.Ordinal))}{also}")
            : control.Unseen is { } unseen ? (ControlStatus.NotAssessed, unseen + also)
            : !hasAccess ? (ControlStatus.NotAssessed, $"no role and no binding was read{also}")
            : (ControlStatus.Pass, $"no open findings{also}");
    }
}
