using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>The objects that a step is about; null for those that may be called anything.</summary>
/// <param name="Namespace">The namespace it happens in; empty for the cluster, or all namespaces at once.</param>
sealed record Objects(string Namespace)
{
    public string? Account { get; init; }

    public string? Pod { get; init; }

    public string? Secret { get; init; }

    public string? User { get; init; }

    public string? Group { get; init; }

    public string? Node { get; init; }

    public string? Role { get; init; }

    /// <summary>What an apply makes, by its resource and name; null where the way is another.</summary>
    public (string Plural, string Name)? Made { get; init; }

    /// <summary>What is scaled, by its resource and name; null where nothing is.</summary>
    public (string Plural, string Name)? Scaled { get; init; }

    /// <summary>The binding that an apply makes; null where one is created without a name, or changed.</summary>
    public string? MadeBinding { get; init; }

    /// <summary>Whether the role is made, and not changed; null where that is not the question.</summary>
    public bool? MakesRole { get; init; }

    /// <summary>
    /// For a resource that Kubernetes runs pods by: the name of one that can be changed; empty for any, null where there is none.
    /// </summary>
    public Func<string, string?>? Workload { get; init; }

    /// <summary>Whether this is the way: what exists cannot be created, and what does not cannot be changed.</summary>
    public bool Fits(AccessRequest request) => request switch
    {
        AccessRequest.Resource { Plural: "clusterroles" or "roles", Verb: "create" or "update" or "patch" } => MakesRole is not { } makes || makes == (request.Verb == "create"),
        AccessRequest.Resource { Subresource: "scale" } resource => Scaled is not { } scaled || scaled.Plural == resource.Plural,
        _ => true,
    };

    /// <summary>The name a request about this resource would carry; null for any.</summary>
    public string? NameOf(AccessRequest.Resource request) => Made is { } made && made.Plural == request.Plural ? made.Name
        : Scaled is { } scaled && request.Subresource == "scale" ? scaled.Name
        : request.Plural switch
        {
            "serviceaccounts" => Account,
            "pods" => Pod,
            "secrets" => Secret,
            "users" => User,
            "groups" => Group,
            "nodes" => Node,
            "namespaces" => Namespace,
            "clusterroles" or "roles" => Role,
            _ => null,
        };
}

/// <summary>Turns a hit into the requests one would really make, each with the grant that allows it.</summary>
static class Asking
{
    // Where the name does not matter none is given: it is decided alike, and names nothing that is not there.
    const string Whatever = "";

    static readonly string[] Patch = ["patch"];
    static readonly string[] PatchOrUpdate = ["patch", "update"];

    /// <summary>
    /// One request for each of the case's questions, two for what an apply makes; null where one of them is not allowed for these objects.
    /// </summary>
    public static ImmutableArray<(GrantedRequest Granted, Question About)>? Requests(Hit hit, Objects objects)
    {
        var requests = ImmutableArray.CreateBuilder<(GrantedRequest, Question)>(hit.Case.All.Length);
        foreach (var question in hit.Case.All)
        {
            var answers = Request(hit, question, objects);
            if (answers.IsEmpty)
                return null;
            foreach (var answer in answers)
                requests.Add((answer, question));
        }

        return requests.DrainToImmutable();
    }

    /// <summary>Whether the case takes nothing but objects that are written, which whoever tells a controller what to write has it do.</summary>
    public static bool IsOnlyWriting(Hit hit) => hit.ForAnyName && (hit.Policy.Match is Match.Requests { IsEverything: true }
        || (hit.Case.Reaches != Reach.Secrets && !hit.Case.Reaches.HasFlag(Reach.RefilledSecrets) && hit.Case.All.All(question => question.Requests.All(IsWriting))));

    // The last two are asked while an object is written.
    static bool IsWriting(AccessRequest request) => request is AccessRequest.Resource { Subresource: "", Verb: "create" or "update" or "patch" or "bind" or "escalate" };

    /// <summary>Whether a question is answered with yes for one of its verbs alone.</summary>
    public static bool Allows(Hit hit, Question question, string verb)
    {
        foreach (var request in question.Requests)
            if (request.Verb == verb && IsGranted(hit, InNamespace(request, question, hit.Scope.Namespace)))
                return true;
        return false;
    }

    /// <summary>Whether a question is answered with yes for one of its verbs and one name.</summary>
    public static bool Allows(Hit hit, Question question, string verb, string name)
    {
        foreach (var request in question.Requests)
            if (request.Verb == verb && Question.ForName(InNamespace(request, question, hit.Scope.Namespace), name) is { } named && IsGranted(hit, named))
                return true;
        return false;
    }

    /// <summary>Whether an object of this name can be made though no create without a name is allowed: by an apply.</summary>
    public static bool Makes(Hit hit, Question question, string name) =>
        question.Requests.Any(request => IsCreate(request) && !Applied(hit, (AccessRequest.Resource)InNamespace(request, question, hit.Scope.Namespace), name).IsEmpty);

    /// <summary>The names that any rule of the hit's roles lists.</summary>
    public static IEnumerable<string> NamesIn(Hit hit) =>
        hit.Grants.SelectMany(grant => grant.Role.Rules).SelectMany(rule => rule.ResourceNames).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The names that a question is limited to; null where it is not.</summary>
    public static ImmutableArray<string>? NamesOf(Hit hit, Question question)
    {
        var asked = question.Requests.Select(request => InNamespace(request, question, hit.Scope.Namespace)).ToList();
        if (asked.Exists(request => IsGranted(hit, request)))
            return null;
        return
        [
            .. from name in Listed(hit)
               where asked.Exists(request => Question.ForName(request, name) is { } named && IsGranted(hit, named))
               select name,
        ];
    }

    static ImmutableArray<GrantedRequest> Request(Hit hit, Question question, Objects objects)
    {
        if (objects.MadeBinding is null || !question.Resources.Any(plural => plural is "clusterrolebindings" or "rolebindings"))
            foreach (var asked in question.Requests)
                if (objects.Fits(asked) && Named(hit, InNamespace(asked, question, objects.Namespace), objects) is { } granted)
                    return [granted];
        return Making(hit, question, objects);
    }

    static ImmutableArray<GrantedRequest> Making(Hit hit, Question question, Objects objects) =>
        (from asked in question.Requests.Where(objects.Fits).Where(IsCreate)
         let create = (AccessRequest.Resource)InNamespace(asked, question, objects.Namespace)
         from name in (objects.MadeBinding ?? objects.NameOf(create)) is { } known ? [known] : NamesIn(hit)
         let requests = Applied(hit, create, name)
         where !requests.IsEmpty
         select requests).FirstOrDefault([]);

    static bool IsCreate(AccessRequest request) => request is AccessRequest.Resource { Verb: "create", Subresource: "", Plural: not "*" };

    // An apply to a name that is not there is authorized as patch, and then as create with that name (apiserver endpoints/handlers/patch.go); so
    // is an update of roles and bindings, which makes what is not there (registry/rbac, AllowCreateOnUpdate).
    static ImmutableArray<GrantedRequest> Applied(Hit hit, AccessRequest.Resource create, string name)
    {
        var named = create with { Name = name };
        if (GrantingAtAll(hit, named) is not { } creates)
            return [];
        return (from verb in create.ApiGroup == "rbac.authorization.k8s.io" ? PatchOrUpdate : Patch
                let write = named with { Verb = verb }
                let grant = GrantingAtAll(hit, write)
                where grant is not null
                select ImmutableArray.Create<GrantedRequest>(new(write, grant), new(named, creates))).FirstOrDefault([]);
    }

    static AccessRequest InNamespace(AccessRequest request, Question question, string @namespace) =>
        question.Place != Question.Places.Namespace ? request
            : request with { Namespace = question.Namespaces.IsEmpty || question.Namespaces.Lists(@namespace) ? @namespace : question.Namespaces[0] };

    // The request as it would be made for these objects; null where it is not allowed.
    static GrantedRequest? Named(Hit hit, AccessRequest request, Objects objects)
    {
        if (request is not AccessRequest.Resource resource)
            return Granted(hit, request);
        var name = objects.NameOf(resource);
        if (objects.Workload is not null && objects.Made?.Plural != resource.Plural && resource is { Name: Question.AnyName, Subresource: "" } && RunningPods.IsWorkload(resource.Plural))
        {
            if (objects.Workload(resource.Plural) is not { } workload)
                return null;
            name = workload.Length == 0 ? null : workload;
        }

        return resource switch
        {
            { Plural: "*" } => Granted(hit, resource with { Name = "" }),
            { Name: Question.AnyName } when name is not null => Granted(hit, resource with { Name = name }),
            { Name: Question.AnyName } => Granted(hit, resource with { Name = Whatever }) ?? ForListed(hit, resource),
            { Name: "" } when name is not null && Question.ForName(resource, name) is { } named => Granted(hit, resource) ?? Granted(hit, named),
            { Name: "" } when resource.Verb is "list" or "watch" => Granted(hit, resource) ?? ForListed(hit, resource),
            _ => Granted(hit, resource),
        };
    }

    static GrantedRequest? ForListed(Hit hit, AccessRequest.Resource resource) =>
        Listed(hit).Select(listed => Granted(hit, resource with { Name = listed })).FirstOrDefault(granted => granted is not null);

    static GrantedRequest? Granted(Hit hit, AccessRequest request) => Deciding(hit, request) is var (grant, rule) ? new(request, grant with { Rules = [rule] }) : null;

    static IEnumerable<string> Listed(Hit hit) =>
        hit.Grants.SelectMany(grant => grant.Rules.SelectMany(rule => grant.Role.Rules[rule].ResourceNames)).Distinct().Order(StringComparer.Ordinal);

    // A named create is no answer to any question, so the rule that allows it need not be among the evidence.
    static Grant? GrantingAtAll(Hit hit, AccessRequest request)
    {
        foreach (var grant in hit.Grants)
            if ((grant.Binding.Scope.IsCluster || grant.Binding.Scope.Namespace == request.Namespace) && grant.Role.Rules.IndexOfFirstAllowing(request) is >= 0 and var rule)
                return grant with { Rules = [rule] };
        return null;
    }

    static bool IsGranted(Hit hit, AccessRequest request) => Deciding(hit, request) is not null;

    static (Grant Grant, int Rule)? Deciding(Hit hit, AccessRequest request)
    {
        foreach (var grant in hit.Grants)
            if (grant.Binding.Scope.IsCluster || grant.Binding.Scope.Namespace == request.Namespace)
                foreach (var rule in grant.Rules)
                    if (grant.Role.Rules[rule].Allows(request))
                        return (grant, rule);
        return null;
    }
}
