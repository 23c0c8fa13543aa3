using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>Controllers that somebody installed: they act where they are, with the permissions they have, and only by writing objects.</summary>
public sealed class ControllerPathTests
{
    const string Controller = "sa:argocd/argocd-application-controller";
    const string Applications = "create applications.argoproj.io";
    const string Kustomizations = "create kustomizations.kustomize.toolkit.fluxcd.io";

    static readonly string Boss = Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*");
    static readonly string Argo = Account("argocd", "argocd-application-controller");
    static readonly string Eve = May("user:eve", "argocd", Applications);
    static readonly string Velero = Account("velero", "velero") + May("sa:velero/velero", "*", "* *.*");

    public static TheoryData<PathRow> Rows =>
    [
        new("Argo CD, as it is usually installed", Argo + May(Controller, "*", "* *.*") + Eve, "user:eve", "cluster-admin", "argocd-applications-write > cluster-admin-equivalent") { Says = "so it has ServiceAccount argocd/argocd-application-controller write what it likes" },
        new("by a permission for the whole cluster", Argo + May(Controller, "*", "* *.*") + May("user:eve", "*", Applications), "user:eve", "cluster-admin", "argocd-applications-write > cluster-admin-equivalent"),
        new("its account is not there", Account("argocd", "other") + May(Controller, "*", "* *.*") + Eve, "user:eve", "cluster-admin", null),
        new("it follows its own namespace", Argo + May(Controller, "*", "* *.*") + May("user:eve", "web", Applications), "user:eve", "cluster-admin", null),
        new("a release has its name before it", Account("argocd", "prod-argocd-application-controller") + May("sa:argocd/prod-argocd-application-controller", "*", "* *.*") + Eve, "user:eve", "cluster-admin", "argocd-applications-write > cluster-admin-equivalent"),
        new("another word ends alike", Account("argocd", "notargocd-application-controller") + May("sa:argocd/notargocd-application-controller", "*", "* *.*") + Eve, "user:eve", "cluster-admin", null),
        new("it may do nothing", Boss + Argo + Eve, "user:eve", "cluster-admin", null),
        new("it may create pods where somebody powerful is", Boss + Argo + May(Controller, "ci", "create pods") + Eve, "user:eve", "cluster-admin", "argocd-applications-write > pods-create > cluster-admin-equivalent"),
        new("it may by one of its groups", Boss + Argo + May("group:system:serviceaccounts:argocd", "ci", "create pods") + Eve, "user:eve", "cluster-admin", "argocd-applications-write > pods-create > cluster-admin-equivalent"),
        new("it may create pods where nobody is", Boss + Argo + May(Controller, "web", "create pods") + Eve, "user:eve", "cluster-admin", null),
        new("what it may read it reads for itself", Argo + May(Controller, "*", "get,list,watch secrets") + Eve, "user:eve", "all-secrets", null),
        new("it asks for no tokens", Boss + Argo + May(Controller, "ci", "create serviceaccounts/token") + Eve, "user:eve", "cluster-admin", null),
        new("it impersonates nobody for others", Boss + Argo + May(Controller, "ci", "impersonate serviceaccounts") + Eve, "user:eve", "cluster-admin", null),
        new("it runs no commands", Boss + Argo + Pod("ci", "web", "boss") + May(Controller, "ci", "create,get pods/exec") + Eve, "user:eve", "cluster-admin", null),
        new("it writes a token Secret and nobody reads it", Boss + Argo + May(Controller, "ci", "create,get secrets") + Eve, "user:eve", "cluster-admin", null),
        new("it writes bindings it may bind", Argo + May(Controller, "*", "bind clusterroles.rbac.authorization.k8s.io", "create clusterrolebindings.rbac.authorization.k8s.io") + Eve, "user:eve", "cluster-admin", "argocd-applications-write > bind"),
        new("it may write webhooks", Argo + May(Controller, "*", "create mutatingwebhookconfigurations.admissionregistration.k8s.io") + Eve, "user:eve", "cluster-admin", "argocd-applications-write > mutating-webhooks-write"),
        new("whoever is the account itself reads as well", Argo + May(Controller, "*", "list secrets") + May("user:eve", "argocd", "create serviceaccounts/token"), "user:eve", "all-secrets", "serviceaccount-token-create > secrets-read"),

        new("Flux follows every namespace", Account("flux-system", "kustomize-controller") + May("sa:flux-system/kustomize-controller", "*", "* *.*") + May("user:eve", "web", Kustomizations), "user:eve", "cluster-admin", "flux-apply > cluster-admin-equivalent"),
        new("locked down it applies as accounts of the namespace", Boss + Account("flux-system", "kustomize-controller") + May("user:eve", "ci", Kustomizations), "user:eve", "cluster-admin", "flux-apply > cluster-admin-equivalent"),
        new("and as those of no other", Boss + Account("flux-system", "kustomize-controller") + May("user:eve", "web", Kustomizations), "user:eve", "cluster-admin", null),
        new("Flux is not there", Boss + Account("flux-system", "other") + Role("flux", "*", "get kustomizations.kustomize.toolkit.fluxcd.io") + May("user:eve", "ci", Kustomizations), "user:eve", "cluster-admin", null),
        new("Crossplane runs images under its accounts", Account("cp", "crossplane") + Account("cp", "rbac-manager") + May("sa:cp/rbac-manager", "*", "* *.*") + May("user:eve", "*", "create providers.pkg.crossplane.io"), "user:eve", "cluster-admin", "crossplane-packages-write > cluster-admin-equivalent"),
        new("Crossplane is not there", Account("cp", "rbac-manager") + May("sa:cp/rbac-manager", "*", "* *.*") + May("user:eve", "*", "create providers.pkg.crossplane.io"), "user:eve", "cluster-admin", null),
        new("OLM installs with any permission it has", Account("olm", "olm-operator-serviceaccount") + May("sa:olm/olm-operator-serviceaccount", "*", "* *.*") + May("user:eve", "web", "create clusterserviceversions.operators.coreos.com"), "user:eve", "cluster-admin", "olm-operators-write > cluster-admin-equivalent"),
        new("Kyverno rewrites every object", Account("kyverno", "kyverno-admission-controller") + May("user:eve", "*", "create clusterpolicies.kyverno.io"), "user:eve", "cluster-admin", "kyverno-policies-write"),
        new("Kyverno is not there", Account("kyverno", "other") + May("user:eve", "*", "create clusterpolicies.kyverno.io"), "user:eve", "cluster-admin", null),
        new("Gatekeeper is not there", Account("gatekeeper-system", "other") + May("user:eve", "*", "create assign.mutations.gatekeeper.sh"), "user:eve", "cluster-admin", null),
        new("a backup holds every Secret", Velero + May("user:eve", "velero", "create downloadrequests.velero.io"), "user:eve", "all-secrets", "velero-backups-read"),
        new("and the tokens among them", Boss + Velero + Token("ci", "boss-token", "boss") + May("user:eve", "*", "create downloadrequests.velero.io"), "user:eve", "cluster-admin", "velero-backups-read > cluster-admin-equivalent") { Says = "in velero" },
        new("but not the account that made it", Velero + May("user:eve", "velero", "create downloadrequests.velero.io"), "user:eve", "cluster-admin", null),
        new("Velero follows its own namespace", Velero + May("user:eve", "web", "create downloadrequests.velero.io"), "user:eve", "all-secrets", null),
        new("upgrade plans are root on every node", Account("system-upgrade", "system-upgrade") + May("user:eve", "system-upgrade", "create plans.upgrade.cattle.io"), "user:eve", "node", "upgrade-plans-write"),
        new("whose controller is not there", Account("system-upgrade", "other") + May("user:eve", "system-upgrade", "create plans.upgrade.cattle.io"), "user:eve", "node", null),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_way_is_found_where_there_is_one(PathRow row) => row.ProveAsync();
}
