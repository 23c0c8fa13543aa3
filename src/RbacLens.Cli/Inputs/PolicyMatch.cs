using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>Reads a policy's question.</summary>
static class PolicyMatch
{
    public static Match Read(PolicyNode node)
    {
        Match match = node.Has("requests") ? Requests(node)
            : node.Has("bound") ? Bound(node.Node("bound"))
            : node.Has("sprawl") ? Sprawl(node.Node("sprawl"))
            : node.Has("fact") ? Fact(node)
            : throw node.Error("", "holds no question, expected requests, bound, sprawl or fact");
        node.Complete();
        return match;
    }

    static Match.Requests Requests(PolicyNode node)
    {
        var cases = node.Nodes("requests").SelectMany(Cases).ToImmutableArray();
        if (cases.IsEmpty)
            throw node.Error("requests", "is empty, expected at least one case");
        return new(cases)
        {
            OnlyRole = node.OptionalText("onlyRole"),
            ExceptRole = node.OptionalText("exceptRole"),
            IsEverything = node.Flag("everything"),
            Kinds = node.Names("kinds"),
            Except = node.Names("except"),
        };
    }

    // More would be a table, and not a case.
    const int MostWays = 32;

    /// <summary>Reads a case. Where one of its questions is any of several, it is one case for each way to hold it, alike in all else.</summary>
    static IEnumerable<Case> Cases(PolicyNode node)
    {
        var asked = node.Has("all") ? node.Nodes("all").Select(Alternatives).ToList() : [Alternatives(node.Node("ask"))];
        if (asked.Aggregate(1L, (ways, any) => ways * any.Length) > MostWays)
            throw node.Error("all", $"can hold in more than {MostWays} ways, expected fewer alternatives");
        var read = Case(node);
        var ways = asked.Aggregate<ImmutableArray<Question>, IEnumerable<ImmutableArray<Question>>>(
            [[]], (ways, any) => ways.SelectMany(way => any, (way, question) => way.Add(question)));
        return [.. ways.Select(way => read with { All = way })];
    }

    static ImmutableArray<Question> Alternatives(PolicyNode node)
    {
        if (!node.Has("any"))
            return [Question(node)];
        ImmutableArray<Question> any = [.. node.Nodes("any").Select(Question)];
        if (any.Length < 2)
            throw node.Error("any", "holds fewer than two questions, expected alternatives");
        node.Complete();
        return any;
    }

    static Case Case(PolicyNode node)
    {
        var read = new Case([], node.Text("means"), ByReach(node))
        {
            From = Release(node, "from"),
            Until = Release(node, "until"),
            Named = node.OptionalText("named") switch
            {
                null => NamedObjects.Plain,
                "accounts" => NamedObjects.Accounts,
                "users" => NamedObjects.Users,
                "roles" => NamedObjects.Roles,
                "own-roles" => NamedObjects.OwnRoles,
                "irrelevant" => NamedObjects.Irrelevant,
                var other => throw node.Error("named", $"is {other}, expected accounts, users, roles, own-roles or irrelevant"),
            },
            MeansNamed = node.OptionalText("meansNamed"),
            Reaches = node.Words("reaches").Aggregate(Reach.Nothing, (reaches, word) => reaches | ReachOf(node, word)),
        };
        if (node.Has("controller"))
            read = read with { Controller = Controller(node.Node("controller")) };
        if (read.Controller is null && (read.Reaches & (Reach.Controller | Reach.ControllerAccounts)) != Reach.Nothing)
            throw node.Error("controller", "is missing: whose reach it is");
        node.Complete();
        return read;
    }

    static Controller Controller(PolicyNode node)
    {
        var read = new Controller(node.Words("accounts"), node.OptionalText("watches") switch
        {
            null or "all" => true,
            "own" => false,
            var other => throw node.Error("watches", $"is {other}, expected all or own"),
        });
        if (read.Accounts.IsEmpty)
            throw node.Error("accounts", "is missing");
        node.Complete();
        return read;
    }

    static Reach ReachOf(PolicyNode node, string word) => ReachWords.All.FirstOrDefault(reach => reach.Word == word) is { Word: not null } known
        ? known.Reach
        : throw node.Error("reaches", $"is {word}, expected some of {string.Join(", ", ReachWords.All.Select(reach => reach.Word))}");

    /// <summary>Reads one question.</summary>
    public static Question Question(PolicyNode node)
    {
        var (group, resources, verbs, urls) = (node.OptionalText("group") ?? "", node.Names("resources"), node.Names("verbs"), node.Names("urls"));
        var place = node.OptionalText("place") switch
        {
            null => PlaceOf(node, group, resources, urls),
            "cluster" => Policies.Question.Places.Cluster,
            "namespace" => Policies.Question.Places.Namespace,
            var other => throw node.Error("place", $"is {other}, expected cluster or namespace"),
        };
        if (verbs.IsEmpty)
            throw node.Error("verbs", "is missing");
        if (resources.IsEmpty == urls.IsEmpty)
            throw node.Error("resources", "or urls is expected, and not both");
        var question = new Question(verbs, group, resources, node.Names("names"), urls, place, node.Flag("byApply")) { Namespaces = node.Names("namespaces") };
        if (!question.Namespaces.IsEmpty && place == Policies.Question.Places.Cluster)
            throw node.Error("namespaces", "is given for what lives in none");
        node.Complete();
        return question;
    }

    static Question.Places PlaceOf(PolicyNode node, string group, Names resources, Names urls)
    {
        if (!urls.IsEmpty)
            return Policies.Question.Places.Cluster;
        var places = resources.Select(resource => resource == "*" ? true : KnownResources.AreNamespaced(group, resource)).Distinct().ToList();
        return places switch
        {
            [true] => Policies.Question.Places.Namespace,
            [false] => Policies.Question.Places.Cluster,
            [] => Policies.Question.Places.Cluster,
            _ => throw node.Error("place", $"is missing: whether {resources} live in namespaces is not the same or not known"),
        };
    }

    static SeverityByReach ByReach(PolicyNode parent)
    {
        if (parent.Raw("severity") is { ValueKind: JsonValueKind.String })
        {
            var same = parent.Severity("severity");
            return new(same, same, same, same);
        }

        var node = parent.Node("severity");
        var read = new SeverityByReach(node.Severity("cluster"), node.Severity("powerful"), node.Severity("namespace"), node.Severity("named"));
        node.Complete();
        return read;
    }

    static Match.Bound Bound(PolicyNode node)
    {
        var read = new Match.Bound(node.Names("kinds"), node.Names("names"), node.Names("except"), ByReach(node));
        node.Complete();
        return read;
    }

    static Match.Sprawl Sprawl(PolicyNode node)
    {
        var read = new Match.Sprawl(node.Names("policies"), node.Number("moreThan"), node.SeverityOf("severity", node.Text("severity")));
        node.Complete();
        return read;
    }

    static Match.Fact Fact(PolicyNode node)
    {
        var name = node.Text("fact");
        if (!Enum.TryParse<FactKind>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var kind) || char.IsAsciiDigit(name[0]))
            throw node.Error("fact", $"is {name}, expected one of {string.Join(", ", Enum.GetNames<FactKind>())}");
        if (node.Raw("severity") is { ValueKind: JsonValueKind.String })
        {
            var same = node.SeverityOf("severity", node.Text("severity"));
            return new(kind, new(same, same, same)) { Gone = [.. node.Nodes("gone").Select(Gone)] };
        }

        var severity = node.Node("severity");
        var by = new SeverityByPower(Required("harmless"), Required("granted"), Required("powerful"));
        severity.Complete();
        return new(kind, by);

        Severity Required(string key) => severity.SeverityOf(key, severity.Text(key));
    }

    static GoneResource Gone(PolicyNode node)
    {
        var gone = new GoneResource(
            node.OptionalText("group") ?? "", node.Names("resources"), Release(node, "since") ?? throw node.Error("since", "is missing"), node.OptionalText("instead"), node.Text("source"));
        node.Complete();
        return gone;
    }

    /// <summary>Reads a release; null where the key is missing.</summary>
    public static KubernetesVersion? Release(PolicyNode node, string key) =>
        node.OptionalText(key) is not { } text ? null
        : KubernetesVersion.TryParse(text) ?? throw node.Error(key, $"is {text}, expected a Kubernetes release as in \"1.35\"");
}
