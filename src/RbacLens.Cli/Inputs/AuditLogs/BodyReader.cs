using System.Text;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Reads what detections want to know of a request's body, and nothing else.</summary>
static class BodyReader
{
    /// <summary>The facts, and bytes that are the same for the same facts; null where the body says nothing of interest.</summary>
    public static (BodyFacts Facts, byte[] Key)? TryRead(Deed deed, ReadOnlySpan<byte> request, ReadOnlySpan<byte> response)
    {
        if (deed.Request is not AccessRequest.Resource asked)
            return null;
        try
        {
            // A patch shows only what changes; what came of it shows the whole object.
            var isPatch = asked.Verb is "patch" or "apply" && deed.Code < 300 && response is [(byte)'{', ..] && asked.Spelling != "pods/status";
            using var written = JsonDocument.Parse((isPatch ? response : request).ToArray());
            // A status is looked at operation by operation; of the rest only what comes of all of them matters.
            using var patched = written.RootElement.ValueKind == JsonValueKind.Array && asked.Spelling != "pods/status" ? JsonPatch.AsObject(written.RootElement) : null;
            var body = (patched ?? written).RootElement;
            var facts = Facts(asked, body, isPart: asked.Verb is "patch" or "apply" && !isPatch);
            return facts is null ? null : (facts, Encoding.UTF8.GetBytes(KeyOf(facts, body)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static BodyFacts? Facts(AccessRequest.Resource asked, JsonElement body, bool isPart) => asked switch
    {
        { Plural: "pods", Subresource: "status" } => new() { PodAddresses = Names.Of(PodAddresses.In(body).Distinct().Order(StringComparer.Ordinal)) },
        { Plural: "clusterrolebindings" or "rolebindings" or "clusterroles" or "roles" } => Granting(body),
        { Plural: "certificatesigningrequests" } => Certificate(body),
        _ => Pods(body, isPart),
    };

    static BodyFacts Certificate(JsonElement body)
    {
        var decided = Elements(Member(Member(body, "status"), "conditions")).Select(condition => Text(Member(condition, "type"))).ToList();
        return new() { Signer = Text(Member(Member(body, "spec"), "signerName")), IsDenial = decided.Contains("Denied") && !decided.Contains("Approved") };
    }

    static BodyFacts? Granting(JsonElement body)
    {
        var role = Member(body, "roleRef");
        var rules = Elements(Member(body, "rules")).Select(Rule).ToList();
        return new()
        {
            RoleRef = role is { ValueKind: JsonValueKind.Object } ? new(Text(Member(role, "kind")), Text(Member(role, "name"))) : null,
            Subjects = Names.Of(Elements(Member(body, "subjects")).Select(SubjectText).Order(StringComparer.Ordinal)),
            Rules = RuleSet.Of(rules),
        };
    }

    static string SubjectText(JsonElement subject) => Text(Member(subject, "kind")) switch
    {
        "ServiceAccount" => new Subject.ServiceAccount(Text(Member(subject, "namespace")), Text(Member(subject, "name"))).ToString(),
        var kind => $"{kind} {Text(Member(subject, "name"))}",
    };

    static PolicyRule Rule(JsonElement rule) => new()
    {
        Verbs = Texts(rule, "verbs"),
        ApiGroups = Texts(rule, "apiGroups"),
        Resources = Texts(rule, "resources"),
        ResourceNames = Texts(rule, "resourceNames"),
        NonResourceUrls = Texts(rule, "nonResourceURLs"),
    };

    /// <summary>The pod, or the template of pods, that the body describes; of a patch the part of it that changes.</summary>
    static BodyFacts? Pods(JsonElement body, bool isPart)
    {
        var spec = Member(body, "spec");
        var template = Member(Member(Member(Member(spec, "jobTemplate") ?? body, "spec"), "template"), "spec") ?? Member(Member(body, "template"), "spec") ?? spec;
        var account = Text(Member(template, "serviceAccountName"));
        if (account.Length == 0)
            account = Text(Member(template, "serviceAccount"));
        var host = Host(template);
        if (isPart ? account.Length == 0 && host == HostAccess.None : template is null)
            return null;
        var about = Member(body, "metadata");
        return new()
        {
            IsMirror = Member(Member(about, "annotations"), "kubernetes.io/config.mirror") is not null,
            Owner = Elements(Member(about, "ownerReferences")).Select(owner => $"{Text(Member(owner, "kind"))} {Text(Member(owner, "name"))}").FirstOrDefault() ?? "",
            RunsAs = isPart && account.Length == 0 ? null : account,
            Host = host,
            HostPaths = Names.Of(Elements(Member(template, "volumes")).Select(volume => Text(Member(Member(volume, "hostPath"), "path"))).Where(path => path.Length > 0).Distinct().Order(StringComparer.Ordinal)),
        };
    }

    static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    // Each of them is enough to reach the node or its other processes from a container (man 7 capabilities).
    static readonly HashSet<string> Capabilities =
        new(["ALL", "BPF", "DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"], StringComparer.OrdinalIgnoreCase);

    static HostAccess Host(JsonElement? pod)
    {
        var containers = ContainerLists.SelectMany(list => Elements(Member(pod, list))).Select(container => Member(container, "securityContext")).ToList();
        return If(HostAccess.Privileged, containers.Exists(IsPrivileged) || IsPrivileged(Member(pod, "securityContext")))
            | If(HostAccess.Pid, IsTrue(Member(pod, "hostPID")))
            | If(HostAccess.Network, IsTrue(Member(pod, "hostNetwork")))
            | If(HostAccess.Ipc, IsTrue(Member(pod, "hostIPC")))
            | If(HostAccess.Path, Elements(Member(pod, "volumes")).Any(volume => Member(volume, "hostPath") is not null))
            | If(HostAccess.Capabilities, containers.Exists(context => Elements(Member(Member(context, "capabilities"), "add")).Any(added => Capabilities.Contains(Plain(Text(added))))));
    }

    static HostAccess If(HostAccess access, bool holds) => holds ? access : HostAccess.None;

    // On Windows a container becomes a process of its host in another way.
    static bool IsPrivileged(JsonElement? context) => IsTrue(Member(context, "privileged")) || IsTrue(Member(Member(context, "windowsOptions"), "hostProcess"));

    static string Plain(string capability) => capability.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? capability[4..] : capability;

    static string KeyOf(BodyFacts facts, JsonElement body) => string.Join('\0',
        facts.PodAddresses, facts.Owner, facts.RunsAs, facts.Host, facts.HostPaths, facts.RoleRef, facts.Subjects, facts.Signer, facts.IsMirror, facts.IsDenial, facts.RunsAs is null,
        facts.Rules.Count == 0 ? "" : Member(body, "rules")?.GetRawText());

    internal static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    internal static IEnumerable<JsonElement> Elements(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    // Half a surrogate pair is valid JSON but no text.
    internal static string Text(JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    static Names Texts(JsonElement element, string name) => Names.Of(Elements(Member(element, name)).Select(item => Text(item)));

    static bool IsTrue(JsonElement? element) => element is { ValueKind: JsonValueKind.True };
}
