using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Tells a way through the graph as steps that people can read and the authorizer can check.</summary>
sealed class Telling(EscalationGraph graph, Landscape landscape)
{
    /// <summary>The steps of a way; empty for one that asks nothing and goes nowhere.</summary>
    /// <param name="way">Edges from its start to its goal.</param>
    public ImmutableArray<Step> Steps(IEnumerable<Edge> way)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var edges = way as List<Edge> ?? [.. way];
        for (var i = 0; i < edges.Count; i++)
            if (edges[i].IsStep)
            {
                if (!edges[i].Before.IsEmpty)
                {
                    steps.AddRange(Steps(edges[i].Before));
                    steps.Add(new("(own)", $"it is still {TargetOf(edges[i].From)} as well", [], TargetOf(edges[i].From)) { IsBorrowed = graph.IsBorrowed(edges[i].From) });
                }

                var members = MembersAfter(i, edges);
                steps.Add(edges[i].Hit is { } hit ? Request(edges[i], hit, members) : OnNode(edges[i]));
            }

        if (edges is [.., { Kind: EdgeKind.Inherits } last] && steps.Count > 0)
            steps.Add(new("(member)", $"{steps[^1].Becomes} is a member of {TargetOf(last.To)}", [], TargetOf(last.To)) { IsBorrowed = graph.IsBorrowed(last.To) });
        return steps.DrainToImmutable();
    }

    // Through sets, up to who or what one is then.
    List<Edge> MembersAfter(int step, List<Edge> edges)
    {
        var end = step + 1;
        while (end < edges.Count && edges[end].Kind == EdgeKind.Member && !IsPlace(edges[end].From))
            end++;
        return edges[(step + 1)..end];
    }

    /// <summary>The step of an intruder who finds a token in a container.</summary>
    public static Step Holds(Running running, Subject.ServiceAccount account) => new(
        "(token)", $"its containers hold the token of {account} ({running.Accounts.First(token => token.Account == account).How})", [], Target.Of(account));

    /// <summary>The step of an intruder who leaves a container for its node.</summary>
    public static Step Escapes(Running running, string node) => new(
        "(escape)", $"{running.Workload.Kind} {running.Workload.Namespace}/{running.Workload.Name} {running.Escape}, and so it comes to {NodeWords(NodeTarget(node))} as root", [],
        NodeTarget(node));

    static Target NodeTarget(string name) => new("Node", "", name);

    bool IsPlace(int waypoint) => graph.At(waypoint) is Waypoint.Identity or Waypoint.Node or Waypoint.NodeIdentities or Waypoint.WithNode or Waypoint.ActsAs or Waypoint.End;

    Target TargetOf(int waypoint) => graph.At(waypoint) switch
    {
        Waypoint.Identity identity => Target.Of(identity.Subject),
        Waypoint.Node node => NodeTarget(node.Name),
        Waypoint.NodeIdentities node => NodeTarget(node.Name),
        Waypoint.WithNode with => Target.Of(with.Account),
        Waypoint.ActsAs acts => Target.Of(acts.Account),
        Waypoint.End end => end.Goal,
        var set => throw new System.Diagnostics.UnreachableException(set.ToString()),
    };

    Step OnNode(Edge edge)
    {
        var becomes = TargetOf(edge.To);
        var sentence = (graph.At(edge.From), graph.At(edge.To)) switch
        {
            (Waypoint.End, Waypoint.End { Goal.Name: "node" }) => "whoever may do everything comes to every node",
            (Waypoint.End, Waypoint.End) => "whoever may do everything reads every Secret",
            (Waypoint.End, _) => $"whoever may do everything may be {becomes}",
            (Waypoint.Identity, _) => "system:masters passes every check",
            (_, Waypoint.End) => "the control plane runs there, whose credentials open everything",
            (_, Waypoint.Identity { Subject: not Subject.ServiceAccount }) => $"the kubelet's credentials are those of {becomes}",
            _ => $"{edge.Within} in {edge.Namespace} runs there, and the token of {becomes} can be had from it",
        };
        return new(graph.Waypoints[edge.From] is Waypoint.End ? "(all)" : "(node)", sentence, [], becomes) { IsBorrowed = graph.IsBorrowed(edge.To) };
    }

    Step Request(Edge edge, Hit hit, List<Edge> members)
    {
        var end = members.Count == 0 ? edge.To : members[^1].To;
        var becomes = TargetOf(end);
        var objects = ObjectsOf(edge, hit, members, becomes);
        var asked = Asking.Requests(hit, objects) ?? [];
        var requests = asked.Select(request => request.Granted).ToImmutableArray();
        var limited = string.Join(" and ", asked.Select(request => Words(request.Granted, request.About)));
        var means = hit.Policy.Match is Match.Requests { IsEverything: true } ? $"holds everything {(hit.Scope.IsCluster ? "in the whole cluster" : $"in {hit.Scope}")}"
            : $"{limited} {(hit.ForAnyName ? hit.Case.Means : hit.Case.MeansNamed ?? hit.Case.Means)}";
        var through = edge.Rewritten?.Through is { } pays && !requests.Any(request => ReferenceEquals(request.Grant.Binding, pays.Binding)) ? pays : null;
        return new(hit.Policy.Id, means + Versions(hit.Case) + Bound(edge) + By(edge, through) + Outcome(edge, members, end, becomes), requests, becomes)
        {
            Through = through,
            IsBorrowed = graph.IsBorrowed(end),
        };
    }

    // Where the version is not known, every version's ways are taken. Some say so themselves.
    string Versions(Case @case) => landscape.KnowsRelease || @case.Means.Contains("Kubernetes 1.", StringComparison.Ordinal) ? "" : @case switch
    {
        { From: { } from, Until: { } until } => $" (only from {from} until before {until})",
        { From: { } from } => $" (only from {from} on)",
        { Until: { } until } => $" (only before {until})",
        _ => "",
    };

    Objects ObjectsOf(Edge edge, Hit hit, List<Edge> members, Target becomes)
    {
        var via = members.Find(member => member.Within is not null);
        var isKubelet = graph.At(edge.To) is Waypoint.NodeIdentities;
        var isSecret = via is not null && graph.Waypoints[via.From] is Waypoint.SecretsOf or Waypoint.Secret or Waypoint.RefilledSecretsOf or Waypoint.RefilledSecret;
        var @namespace = edge.Namespace ?? via?.Namespace ?? (becomes.Kind == "ServiceAccount" ? becomes.Namespace : PlaceOf(edge, members));
        return new(@namespace)
        {
            Account = becomes.Kind == "ServiceAccount" ? becomes.Name : null,
            Pod = isSecret ? null : via?.Object,
            Secret = isSecret ? via?.Object : null,
            User = becomes.Kind == "User" ? becomes.Name : isKubelet && becomes.Name != "*" ? WellKnown.NodePrefix + becomes.Name : null,
            Group = becomes.Kind == "Group" ? becomes.Name : isKubelet ? WellKnown.Nodes : null,
            Node = becomes.Kind == "Node" && becomes.Name is not ("*" or "") ? becomes.Name : null,
            Role = edge.Rewritten?.Written,
            Made = MadeBy(hit),
            Scaled = graph.Waypoints[edge.To] is Waypoint.StoppedPodsOf stopped ? (stopped.Plural, stopped.Name) : null,
            MakesRole = edge.Rewritten?.IsMade,
            MadeBinding = edge.Rewritten?.MadeBinding,
            Workload = plural => landscape.Running.WorkloadOf(plural, @namespace, hit.Names),
        };
    }

    // An account is made to become it, so its name is known.
    (string Plural, string Name)? MadeBy(Hit hit) =>
        hit.Case.All.FirstOrDefault(question => question.IsByApply) is { } made && !made.Resources.Lists("serviceaccounts") && landscape.FreeName(hit) is { } name
            ? (made.Resources[0], name) : null;

    // A set of one namespace that was gone through on the way from a permission that holds everywhere.
    string PlaceOf(Edge edge, List<Edge> members) =>
        members.Prepend(edge).Select(step => graph.Waypoints[step.To] switch
        {
            Waypoint.NodesOf set => set.Scope.Namespace,
            Waypoint.PodsOf set => set.Scope.Namespace,
            _ => "",
        }).FirstOrDefault(name => name.Length > 0) ?? "";

    static string Bound(Edge edge) => edge switch
    {
        { Rewritten.How: { } how } => $"; {how}",
        { Then: { } then, Rewritten.Role: { } role } => $"; {role.Kind} {role.Name} {then.Case.Means}",
        _ => "",
    };

    static string By(Edge edge, Grant? through) =>
        through is null || edge.Rewritten?.How?.StartsWith(through.Binding.Kind, StringComparison.Ordinal) == true ? ""
            : $"; by way of {new Target(through.Binding.Kind, through.Binding.Scope.Namespace, through.Binding.Name)}";

    string Outcome(Edge edge, List<Edge> members, int end, Target becomes)
    {
        var via = members.Find(member => member.Within is not null);
        return becomes.Kind switch
        {
            "Node" when edge.IsEscape => $"; Pod Security does not forbid privileged containers in {edge.Namespace ?? PlaceOf(edge, members)}, so it comes to {NodeWords(becomes)}",
            "Node" when via is not null => $"; {via.Within} is not separated from its node, so it comes to {NodeWords(becomes)}",
            "Node" when graph.At(end) is Waypoint.NodeIdentities => $"; so it is the kubelet of {NodeWords(becomes)}, though not root there",
            "Node" => $"; so it comes to {NodeWords(becomes)}",
            "Goal" => "",
            _ when graph.Waypoints[edge.To] is Waypoint.ActsAs => $"; so it has {becomes} write what it likes",
            _ when via is not null && graph.Waypoints[via.From] is Waypoint.SecretsOf or Waypoint.Secret => $"; so it becomes {becomes}, whose token is in {via.Within}",
            _ when via is not null && graph.Waypoints[via.From] is Waypoint.RefilledSecretsOf or Waypoint.RefilledSecret => $"; so it becomes {becomes}, with whose token {via.Within} is filled once it names that account",
            _ when via is not null => $"; so it becomes {becomes}, whose token {via.Within} holds",
            _ => $"; so it {(graph.IsBorrowed(end) ? "acts as" : "becomes")} {becomes}",
        };
    }

    static string NodeWords(Target node) => node.Name switch
    {
        "*" => "any node",
        "" => "a node",
        var name => $"node {name}",
    };

    static string Words(GrantedRequest granted, Question question) => granted.Request switch
    {
        AccessRequest.Resource resource => $"{resource.Verb} on {resource.Spelling}"
            + (resource.Name.Length == 0 ? "" : $" {resource.Name}")
            + (resource.Plural == "namespaces" ? "" : resource.Namespace.Length > 0 ? $" in {resource.Namespace}" : question.Place == Question.Places.Namespace ? " in all namespaces" : ""),
        var request => request.ToString(),
    };
}
