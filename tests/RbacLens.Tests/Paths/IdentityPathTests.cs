using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>Ways to be somebody else: tokens, Secrets, impersonation, certificates.</summary>
public sealed class IdentityPathTests
{
    static readonly string Boss = Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*");
    static readonly string Admins = May("group:admins", "*", "* *.*");
    static readonly string Jane = May("user:jane", "*", "* *.*");
    const string Approve = "update certificatesigningrequests.certificates.k8s.io/approval";
    const string Ask = "create certificatesigningrequests.certificates.k8s.io";
    const string Signer = "approve signers.certificates.k8s.io:kubernetes.io/kube-apiserver-client";
    const string Kubelets = "approve signers.certificates.k8s.io:kubernetes.io/kube-apiserver-client-kubelet";
    const string Joiners = "system:bootstrappers:kubeadm:default-node-token";

    static readonly string Joining = Bind($"group:{Joiners}", "*", "ClusterRole", "system:node-bootstrapper")
        + Bind($"group:{Joiners}", "*", "ClusterRole", "system:certificates.k8s.io:certificatesigningrequests:nodeclient");

    public static TheoryData<PathRow> Rows =>
    [
        new("a token of any account", Boss + May("user:eve", "ci", "create serviceaccounts/token"), "user:eve", "cluster-admin", "serviceaccount-token-create > cluster-admin-equivalent"),
        new("a token by name", Boss + May("user:eve", "ci", "create serviceaccounts/token:boss"), "user:eve", "cluster-admin", "serviceaccount-token-create > cluster-admin-equivalent"),
        new("a token of another name", Boss + May("user:eve", "ci", "create serviceaccounts/token:default"), "user:eve", "cluster-admin", null),
        new("a named token in the whole cluster", Boss + May("user:eve", "*", "create serviceaccounts/token:boss"), "user:eve", "cluster-admin", "serviceaccount-token-create > cluster-admin-equivalent"),
        new("a token in kube-system is a controller's", May("user:eve", "kube-system", "create serviceaccounts/token"), "user:eve", "cluster-admin", "serviceaccount-token-create > escalate"),
        new("accounts themselves are no tokens", Boss + May("user:eve", "ci", "get,list,update serviceaccounts"), "user:eve", "cluster-admin", null),
        new("the groups of an account come with its token", Account("ci", "robot") + May("group:system:serviceaccounts:ci", "*", "* *.*") + May("user:eve", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "serviceaccount-token-create > cluster-admin-equivalent"),

        new("reading a token", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "get secrets"), "user:eve", "cluster-admin", "secrets-read > cluster-admin-equivalent") { Says = "whose token is in Secret boss-token" },
        new("the token of an account that is gone", Boss + Account("web", "default") + May("sa:web/ghost", "*", "* *.*") + Token("web", "ghost-token", "ghost") + May("user:eve", "web", "get secrets"), "user:eve", "cluster-admin", null) { IsWhole = true },
        new("reading it by name", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "get secrets:boss-token"), "user:eve", "cluster-admin", "secrets-read > cluster-admin-equivalent"),
        new("reading another by name", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "get secrets:other"), "user:eve", "cluster-admin", null),
        new("watching is reading", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "watch secrets"), "user:eve", "cluster-admin", "secrets-read > cluster-admin-equivalent"),
        new("a patch is answered with it", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "patch secrets:boss-token"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent"),
        new("a delete is, too", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "delete secrets"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent") { Says = "in the answer to a dry run" },
        new("by name", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "delete secrets:boss-token"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent"),
        new("of another name", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "delete secrets:other"), "user:eve", "cluster-admin", null),
        new("an update is answered with what was sent", Boss + Token("ci", "boss-token", "boss") + May("user:eve", "ci", "update secrets"), "user:eve", "cluster-admin", null),
        new("a token Secret is made to name another account", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "patch secrets"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent") { Says = "patch on secrets weak-token in ci replaces credentials, and reads them in the answer where the name is known; so it becomes ServiceAccount ci/boss, with whose token Secret weak-token is filled" },
        new("by its name", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "patch secrets:weak-token"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent") { Says = "patch on secrets weak-token in ci" },
        new("by its name, everywhere", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "*", "patch secrets:weak-token"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent"),
        new("a Secret of another name names nobody", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "patch secrets:other"), "user:eve", "cluster-admin", null),
        new("the one of several names that is a token", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "patch secrets:a,weak-token"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent") { Says = "patch on secrets weak-token in ci" },
        new("in the whole cluster", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "*", "patch secrets"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent") { Says = "patch on secrets weak-token in ci" },
        new("where no token Secret is", Boss + Account("ci", "weak") + May("user:eve", "ci", "patch secrets"), "user:eve", "cluster-admin", null),
        new("a token Secret of another namespace", Boss + Account("web", "weak") + Token("web", "weak-token", "weak") + May("user:eve", "web", "patch secrets"), "user:eve", "cluster-admin", null),
        new("it is updated and read", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "update,get secrets:weak-token"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent") { Says = "update on secrets weak-token in ci and get on secrets weak-token in ci" },
        new("it is updated and listed, by two roles", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "update secrets") + May("user:eve", "ci", "list secrets"), "user:eve", "cluster-admin", "secrets-write > cluster-admin-equivalent"),
        new("it is updated and another one read", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "update secrets:weak-token") + May("user:eve", "ci", "get secrets:other"), "user:eve", "cluster-admin", null),
        new("it is updated and not read", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "update secrets"), "user:eve", "cluster-admin", null),
        new("it is read and not changed", Boss + Account("ci", "weak") + Token("ci", "weak-token", "weak") + May("user:eve", "ci", "get,list,watch,delete secrets"), "user:eve", "cluster-admin", null),
        new("made, and read by deleting it", Boss + May("user:eve", "ci", "create,delete secrets"), "user:eve", "cluster-admin", "secrets-create > cluster-admin-equivalent"),
        new("no token lies there", Boss + May("user:eve", "ci", "get,list secrets"), "user:eve", "cluster-admin", null),
        new("one can be made and read", Boss + May("user:eve", "ci", "create,get secrets"), "user:eve", "cluster-admin", "secrets-create > cluster-admin-equivalent"),
        new("made and not read", Boss + May("user:eve", "ci", "create secrets"), "user:eve", "cluster-admin", null),
        new("made and mounted by another's role", Boss + May("user:eve", "ci", "create secrets") + May("user:eve", "ci", "list secrets"), "user:eve", "cluster-admin", "secrets-create > cluster-admin-equivalent"),
        new("all of them", May("user:eve", "*", "list secrets"), "user:eve", "all-secrets", "secrets-read"),
        new("those of one namespace are not all", May("user:eve", "ci", "list secrets"), "user:eve", "all-secrets", null),

        new("whoever is cluster-admin reads all Secrets", May("user:eve", "*", "create mutatingwebhookconfigurations.admissionregistration.k8s.io"), "user:eve", "all-secrets", "mutating-webhooks-write > (all)"),
        new("comes to nodes", May("user:eve", "*", "create mutatingwebhookconfigurations.admissionregistration.k8s.io"), "user:eve", "node", "mutating-webhooks-write > (all)"),
        new("is any account", Account("ci", "robot") + May("user:eve", "*", "create mutatingwebhookconfigurations.admissionregistration.k8s.io"), "user:eve", "sa:ci/robot", "mutating-webhooks-write > (all)"),
        new("a webhook opens as much", May("user:eve", "*", "create mutatingwebhookconfigurations.admissionregistration.k8s.io"), "user:eve", "group:devs", "mutating-webhooks-write > (all)"),

        new("an account that is named and made", Account("web", "default") + May("sa:web/ghost", "*", "* *.*") + May("user:eve", "web", "create serviceaccounts", "create serviceaccounts/token:ghost"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent"),
        new("of another name", Account("web", "default") + May("sa:web/ghost", "*", "* *.*") + May("user:eve", "web", "create serviceaccounts", "create serviceaccounts/token:other"), "user:eve", "cluster-admin", null),
        new("named and made, by its groups", Account("web", "default") + May("group:system:serviceaccounts:web", "*", "* *.*") + May("user:eve", "web", "create serviceaccounts", "create serviceaccounts/token:mine"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent"),
        new("made, and a Secret that is given its token", Account("web", "default") + May("sa:web/ghost", "*", "* *.*") + May("user:eve", "web", "create serviceaccounts", "create,get secrets"), "user:eve", "cluster-admin", "serviceaccounts-write > cluster-admin-equivalent"),
        new("made, and a Secret that cannot be read", Account("web", "default") + May("sa:web/ghost", "*", "* *.*") + May("user:eve", "web", "create serviceaccounts", "create secrets"), "user:eve", "cluster-admin", null),

        new("a user by name", Jane + May("user:eve", "*", "impersonate users:jane"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("another user by name", Jane + May("user:eve", "*", "impersonate users:joe"), "user:eve", "cluster-admin", null),
        new("users are cluster-scoped", Jane + May("user:eve", "ci", "impersonate users"), "user:eve", "cluster-admin", null),
        new("a user, whose group cannot be had but by being everything", Admins + May("user:eve", "*", "impersonate users"), "user:eve", "group:admins", "impersonate > serviceaccount-token-create > escalate > (all)"),
        new("a user without a group", Admins + May("user:eve", "*", "impersonate users:nobody"), "user:eve", "cluster-admin", null),
        new("any user is a controller of Kubernetes, too", May("user:eve", "*", "impersonate users"), "user:eve", "cluster-admin", "impersonate > serviceaccount-token-create > escalate"),
        new("a group without a user", Admins + May("user:eve", "*", "impersonate groups"), "user:eve", "cluster-admin", null),
        new("system:masters without a user", May("user:eve", "*", "impersonate groups:system:masters"), "user:eve", "cluster-admin", null),
        new("a group with any user", Admins + May("user:eve", "*", "impersonate groups:admins", "impersonate users:nobody"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("system:masters with any user", May("user:eve", "*", "impersonate groups:system:masters") + May("user:eve", "*", "impersonate users:nobody"), "user:eve", "cluster-admin", "impersonate"),
        new("another group with a user", Admins + May("user:eve", "*", "impersonate groups:devs", "impersonate users:nobody"), "user:eve", "cluster-admin", null),
        new("a group with an account of a namespace", Admins + May("user:eve", "*", "impersonate groups:admins") + May("user:eve", "ci", "impersonate serviceaccounts"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("an account", Boss + May("user:eve", "ci", "impersonate serviceaccounts"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("an account by name", Boss + May("user:eve", "ci", "impersonate serviceaccounts:boss"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("an account that no file lists, by its groups", May("group:system:serviceaccounts:ci", "*", "* *.*") + May("user:eve", "ci", "impersonate serviceaccounts:foo"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("an account that no file lists, of any namespace", May("group:system:serviceaccounts:ci", "*", "* *.*") + May("user:eve", "*", "impersonate serviceaccounts:foo"), "user:eve", "cluster-admin", "impersonate > cluster-admin-equivalent"),
        new("a token of the account that every namespace has", May("group:system:serviceaccounts", "*", "* *.*") + May("user:eve", "*", "create serviceaccounts/token:default"), "user:eve", "cluster-admin", "serviceaccount-token-create > cluster-admin-equivalent"),
        new("a kubelet", Boss + Pod("ci", "web", "boss", "nodeName: n1") + May("user:eve", "*", "impersonate users:system:node:n1", "impersonate groups:system:nodes"), "user:eve", "cluster-admin", "impersonate > (node) > cluster-admin-equivalent"),
        new("a kubelet of another node", Boss + Pod("ci", "web", "boss", "nodeName: n2") + May("user:eve", "*", "impersonate users:system:node:n1", "impersonate groups:system:nodes"), "user:eve", "cluster-admin", null),
        new("a kubelet's name without its group", Boss + Pod("ci", "web", "boss", "nodeName: n1") + May("user:eve", "*", "impersonate users:system:node:n1"), "user:eve", "cluster-admin", null),
        new("an account of another namespace", Boss + May("user:eve", "web", "impersonate serviceaccounts"), "user:eve", "cluster-admin", null),
        new("extra attributes are nobody", Admins + Jane + May("user:eve", "*", "impersonate userextras.authentication.k8s.io", "impersonate uids.authentication.k8s.io"), "user:eve", "cluster-admin", null),

        new("asked, approved and signed", Admins + May("user:eve", "*", Ask, Approve, Signer), "user:eve", "cluster-admin", "csr-approve > cluster-admin-equivalent"),
        new("in three roles", Admins + May("user:eve", "*", Ask) + May("user:eve", "*", Approve) + May("user:eve", "*", Signer), "user:eve", "cluster-admin", "csr-approve > cluster-admin-equivalent"),
        new("all signers of the domain", Admins + May("user:eve", "*", Ask, Approve, "approve signers.certificates.k8s.io:kubernetes.io/*"), "user:eve", "cluster-admin", "csr-approve > cluster-admin-equivalent"),
        new("nobody to be but system:masters", May("user:eve", "*", Ask, Approve, Signer), "user:eve", "group:system:masters", "csr-approve > escalate > (all)"),
        new("not asked", Admins + May("user:eve", "*", Approve, Signer), "user:eve", "cluster-admin", null),
        new("not approved", Admins + May("user:eve", "*", Ask, Signer), "user:eve", "cluster-admin", null),
        new("not signed", Admins + May("user:eve", "*", Ask, Approve), "user:eve", "cluster-admin", null),
        new("of a signer of one's own", Admins + May("user:eve", "*", Ask, Approve, "approve signers.certificates.k8s.io:example.com/mine"), "user:eve", "cluster-admin", null),
        new("publishing certificates takes the key", Admins + May("user:eve", "*", Ask, "update certificatesigningrequests.certificates.k8s.io/status", "sign signers.certificates.k8s.io"), "user:eve", "cluster-admin", null),
        new("a kubelet's certificate", May("user:eve", "*", Ask, Approve, Kubelets), "user:eve", "node", "csr-approve"),
        new("a kubelet's certificate by the signer of people", May("user:eve", "*", Ask, Approve, Signer), "user:eve", "node", "csr-approve") { Says = "so it is the kubelet of any node, though not root there" },
        new("a kubelet's certificate approved by itself", May("user:eve", "*", Ask, "create certificatesigningrequests.certificates.k8s.io/nodeclient"), "user:eve", "node", "csr-node-identity"),
        new("renewing one's own is not", May("user:eve", "*", Ask, "create certificatesigningrequests.certificates.k8s.io/selfnodeclient"), "user:eve", "node", null),
        new("a kubelet has the tokens on its node", Boss + Pod("ci", "web", "boss", "nodeName: n1") + May("user:eve", "*", Ask, "create certificatesigningrequests.certificates.k8s.io/nodeclient"), "user:eve", "cluster-admin", "csr-node-identity > (node) > cluster-admin-equivalent"),
        new("a kubelet's certificate is not root where the control plane runs", ControlPlane + May("user:eve", "*", Ask, "create certificatesigningrequests.certificates.k8s.io/nodeclient"), "user:eve", "cluster-admin", null),
        new("a privileged pod is", ControlPlane + May("user:eve", "ci", "create pods"), "user:eve", "cluster-admin", "pods-create > (node)"),

        new("a bootstrap token joins as a node", Joining + May("user:eve", "kube-system", "create secrets"), "user:eve", "node", "secrets-create > csr-node-identity") { Says = $"becomes Group {Joiners}" },
        new("only in kube-system", Joining + May("user:eve", "ci", "create secrets"), "user:eve", "node", null),
        new("only where joining is set up", May("user:eve", "kube-system", "create secrets"), "user:eve", "node", null),
        new("changing a Secret does not change its type", Joining + May("user:eve", "kube-system", "update secrets"), "user:eve", "node", null),

        new("the accounts of a namespace are all in the group of all accounts", BindingHalves, "group:system:serviceaccounts:ci", "cluster-admin", "bind"),
        new("not all accounts are in that of a namespace", BindingHalves, "group:system:serviceaccounts", "cluster-admin", null),
        new("nor in that of another one", BindingHalves, "group:system:serviceaccounts:web", "cluster-admin", null),
        new("one half is for everybody who logs in", May("group:system:authenticated", "*", "bind clusterroles.rbac.authorization.k8s.io") + May("group:system:serviceaccounts:ci", "*", "create clusterrolebindings.rbac.authorization.k8s.io"), "sa:ci/anybody", "cluster-admin", "bind"),
        new("two groups that every account of the namespace is in", Boss + Pair, "sa:ci/anybody", "cluster-admin", "pods-create > cluster-admin-equivalent"),
        new("an account of another namespace is in one of them", Boss + Pair, "sa:web/anybody", "cluster-admin", null),
        new("such an account is a step on the way", Boss + Pair + Account("ci", "default") + May("user:eve", "ci", "create serviceaccounts/token:default"), "user:eve", "group:system:serviceaccounts:ci", "serviceaccount-token-create > (member)"),
        new("one by its name, and then on", Admins + Halves + Account("ci", "robot") + May("user:eve", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "serviceaccount-token-create > csr-approve > cluster-admin-equivalent"),
        new("any of them, and then on", Admins + Halves + Account("ci", "robot") + May("user:eve", "ci", "create pods"), "user:eve", "cluster-admin", "pods-create > csr-approve > cluster-admin-equivalent"),
        new("from a container", Admins + Halves + Pod("ci", "web", "robot"), "workloads", "cluster-admin", "(token) > csr-approve > cluster-admin-equivalent"),
    ];

    // The one half for the accounts of ci, the other for all accounts.
    static string Halves => May("group:system:serviceaccounts:ci", "*", Approve, Signer) + May("group:system:serviceaccounts", "*", Ask);

    static string BindingHalves => May("group:system:serviceaccounts", "*", "bind clusterroles.rbac.authorization.k8s.io")
        + May("group:system:serviceaccounts:ci", "*", "create clusterrolebindings.rbac.authorization.k8s.io");

    static string Pair => May("group:system:serviceaccounts:ci", "ci", "create pods");

    static string ControlPlane => """
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ""}}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1}

        """;

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_way_is_found_where_there_is_one(PathRow row) => row.ProveAsync();
}
