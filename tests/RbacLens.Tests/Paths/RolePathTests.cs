using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>Ways around the check on what roles and bindings may hand out.</summary>
public sealed class RolePathTests
{
    const string WriteBindings = "create rolebindings.rbac.authorization.k8s.io";
    const string WriteClusterBindings = "create clusterrolebindings.rbac.authorization.k8s.io";
    const string BindAll = "bind clusterroles.rbac.authorization.k8s.io";
    const string EscalateAll = "escalate clusterroles.rbac.authorization.k8s.io";

    const string MakeRoles = "escalate,create roles.rbac.authorization.k8s.io";

    static readonly string Boss = Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*");

    public static TheoryData<PathRow> Rows =>
    [
        new("bind and a binding", May("user:eve", "*", BindAll, WriteClusterBindings), "user:eve", "cluster-admin", "bind"),
        new("bind, and the binding in another role", May("user:eve", "*", BindAll) + May("user:eve", "*", WriteClusterBindings), "user:eve", "cluster-admin", "bind"),
        new("bind alone", May("user:eve", "*", BindAll), "user:eve", "cluster-admin", null),
        new("a binding alone hands on what one has", May("user:eve", "*", WriteClusterBindings, WriteBindings), "user:eve", "cluster-admin", null),
        new("bind by name", May("user:eve", "*", BindAll + ":cluster-admin", WriteClusterBindings), "user:eve", "cluster-admin", "bind"),
        new("bind what gives little", May("user:eve", "*", BindAll + ":view", WriteClusterBindings), "user:eve", "cluster-admin", null),
        new("bind what leads on", Boss + Role("minter", "*", "create serviceaccounts/token") + May("user:eve", "*", BindAll + ":minter", WriteClusterBindings), "user:eve", "cluster-admin", "bind > cluster-admin-equivalent") { Says = "ClusterRole minter becomes any service account there" },
        new("bind a role that is not there", May("user:eve", "*", BindAll + ":gone", WriteClusterBindings), "user:eve", "cluster-admin", null),
        new("bind in a namespace gives the namespace", Boss + May("user:eve", "ci", BindAll, WriteBindings), "user:eve", "cluster-admin", "bind > cluster-admin-equivalent"),
        new("bind in a namespace without anybody in it", May("user:eve", "web", BindAll, WriteBindings), "user:eve", "cluster-admin", null),
        new("bind in a namespace makes no ClusterRoleBinding", May("user:eve", "ci", BindAll) + May("user:eve", "*", WriteClusterBindings), "user:eve", "cluster-admin", null),
        new("bind of Roles only, and no Role that gives more", Boss + May("user:eve", "ci", "bind roles.rbac.authorization.k8s.io", WriteBindings), "user:eve", "cluster-admin", null),
        new("bind of Roles only, and a Role that does", Boss + Role("runner", "ci", "create pods") + May("user:eve", "ci", "bind roles.rbac.authorization.k8s.io", WriteBindings), "user:eve", "cluster-admin", "bind > cluster-admin-equivalent"),
        new("a Role stays in its namespace", Boss + Role("runner", "web", "create pods") + May("user:eve", "*", "bind roles.rbac.authorization.k8s.io:runner", WriteBindings), "user:eve", "cluster-admin", null),
        new("a binding that is there gets another subject", Bind("user:jane", "*", "ClusterRole", "cluster-admin") + May("user:eve", "*", BindAll, "patch clusterrolebindings.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "bind"),
        new("of edit, for a namespace", Boss + Bind("user:jane", "ci", "ClusterRole", "edit") + May("user:eve", "ci", BindAll, "update rolebindings.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "bind > cluster-admin-equivalent"),
        new("an apply makes a binding of that name", May("user:eve", "*", BindAll + ":cluster-admin", "create clusterrolebindings.rbac.authorization.k8s.io:foo,x", "patch clusterrolebindings.rbac.authorization.k8s.io:foo"), "user:eve", "cluster-admin", "bind") { Says = "patch on clusterrolebindings foo and create on clusterrolebindings foo" },
        new("an update does, too", May("user:eve", "*", BindAll + ":cluster-admin", "create,update clusterrolebindings.rbac.authorization.k8s.io:foo"), "user:eve", "cluster-admin", "bind"),
        new("in a namespace an apply does", Boss + May("user:eve", "ci", BindAll + ":edit", "create,patch rolebindings.rbac.authorization.k8s.io:foo"), "user:eve", "cluster-admin", "bind > cluster-admin-equivalent"),
        new("a name to create alone makes none", May("user:eve", "*", BindAll + ":cluster-admin", "create clusterrolebindings.rbac.authorization.k8s.io:foo"), "user:eve", "cluster-admin", null),

        new("escalate and a role of one's own", May("user:eve", "*", EscalateAll, "update clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate"),
        new("escalate without writing roles", May("user:eve", "*", EscalateAll), "user:eve", "cluster-admin", null),
        new("writing roles without escalate", May("user:eve", "*", "create,update,patch clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("the halves in two roles", May("user:eve", "*", EscalateAll) + May("user:eve", "*", "patch clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate"),
        new("a new role is bound to nobody", May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("a role by name to which one is bound", Role("mine", "*", "get pods") + Bind("user:eve", "*", "ClusterRole", "mine") + May("user:eve", "*", EscalateAll + ":mine", "update clusterroles.rbac.authorization.k8s.io:mine"), "user:eve", "cluster-admin", "escalate"),
        new("a role by name of others", Role("theirs", "*", "get pods") + Bind("user:jane", "*", "ClusterRole", "theirs") + May("user:eve", "*", EscalateAll + ":theirs", "update clusterroles.rbac.authorization.k8s.io:theirs"), "user:eve", "cluster-admin", null),
        new("a role by name of others one can become", Role("theirs", "*", "get pods") + Account("ci", "robot") + Bind("sa:ci/robot", "*", "ClusterRole", "theirs") + May("user:eve", "*", EscalateAll + ":theirs", "update clusterroles.rbac.authorization.k8s.io:theirs") + May("user:eve", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "serviceaccount-token-create > (own) > escalate"),
        new("two names that are not the same", Role("mine", "*", "get pods") + Bind("user:eve", "*", "ClusterRole", "mine") + May("user:eve", "*", EscalateAll + ":mine", "update clusterroles.rbac.authorization.k8s.io:other"), "user:eve", "cluster-admin", null),
        new("in a namespace, of the role one holds there", Boss + May("user:eve", "ci", "escalate roles.rbac.authorization.k8s.io", "update roles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate > cluster-admin-equivalent"),
        new("in a namespace where one holds no Role", Boss + Role("writer", "*", "escalate roles.rbac.authorization.k8s.io", "update roles.rbac.authorization.k8s.io") + Bind("user:eve", "ci", "ClusterRole", "writer"), "user:eve", "cluster-admin", null),

        new("a Role of one's own making, and a binding to it", Boss + May("user:eve", "ci", MakeRoles, "bind roles.rbac.authorization.k8s.io", "create rolebindings.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate > cluster-admin-equivalent"),
        new("that one may not bind", Boss + May("user:eve", "ci", MakeRoles, "create rolebindings.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("without a binding to it", Boss + May("user:eve", "ci", MakeRoles, "bind roles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("in another namespace", Boss + May("user:eve", "web", MakeRoles, "bind roles.rbac.authorization.k8s.io", "create rolebindings.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),

        new("a binding waits for a role that can be made", Bind("user:eve", "*", "ClusterRole", "gone") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate") { Says = "refers to ClusterRole gone, which does not exist until then" },
        new("in a namespace", Boss + Bind("user:eve", "ci", "Role", "gone") + May("user:eve", "ci", "escalate roles.rbac.authorization.k8s.io", "create roles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate > cluster-admin-equivalent"),
        new("without escalate one's own rights are all", Bind("user:eve", "*", "ClusterRole", "gone") + May("user:eve", "*", "create clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("by its name, with an apply", Bind("user:eve", "*", "ClusterRole", "gone") + May("user:eve", "*", "escalate,create,patch clusterroles.rbac.authorization.k8s.io:gone"), "user:eve", "cluster-admin", "escalate"),
        new("a Role does not fill what waits for a ClusterRole", Bind("user:eve", "ci", "ClusterRole", "gone") + Boss + May("user:eve", "ci", "escalate roles.rbac.authorization.k8s.io", "create roles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("it waits for somebody one can become", Account("ci", "robot") + Bind("sa:ci/robot", "*", "ClusterRole", "gone") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io") + May("user:eve", "ci", "create serviceaccounts/token"), "user:eve", "cluster-admin", "serviceaccount-token-create > (own) > escalate"),
        new("it waits in a namespace that leads to a node", Account("ci", "robot") + Bind("sa:ci/robot", "ci", "Role", "gone") + May("user:eve", "ci", MakeRoles, "create serviceaccounts/token"), "user:eve", "node", "serviceaccount-token-create > (own) > escalate"),
        new("where Pod Security keeps pods off it", Enforcing("ci", "restricted") + Account("ci", "robot") + Bind("sa:ci/robot", "ci", "Role", "gone") + May("user:eve", "ci", MakeRoles, "create serviceaccounts/token"), "user:eve", "node", null),
        new("a Role that is there leads to a node, too", Account("ci", "robot") + Role("theirs", "ci", "get pods") + Bind("sa:ci/robot", "ci", "Role", "theirs") + May("user:eve", "ci", "escalate,update roles.rbac.authorization.k8s.io:theirs", "create serviceaccounts/token:robot"), "user:eve", "node", "serviceaccount-token-create > (own) > escalate"),
        new("of an account one cannot become", Account("ci", "robot") + Role("theirs", "ci", "get pods") + Bind("sa:ci/robot", "ci", "Role", "theirs") + May("user:eve", "ci", "escalate,update roles.rbac.authorization.k8s.io:theirs", "create serviceaccounts/token:other"), "user:eve", "node", null),
        new("what waits in a namespace leads to its accounts", Boss + Account("ci", "robot") + Bind("sa:ci/robot", "ci", "Role", "gone") + May("user:eve", "ci", MakeRoles, "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "serviceaccount-token-create > (own) > escalate > cluster-admin-equivalent"),
        new("it waits for somebody else", Bind("user:jane", "*", "ClusterRole", "gone") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),

        new("a role that takes in others", Bind("user:eve", "*", "ClusterRole", "view") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate") { Says = "ClusterRole view, to which it is bound, takes in what has a label" },
        new("in the namespace it is bound in", Boss + Bind("user:eve", "ci", "ClusterRole", "view") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", "escalate > cluster-admin-equivalent"),
        new("one that somebody is bound to whom one can become", Account("ci", "robot") + Bind("sa:ci/robot", "*", "ClusterRole", "view") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io") + May("user:eve", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "serviceaccount-token-create > (own) > escalate") { Says = "binds ServiceAccount ci/robot to ClusterRole view, which takes in what has a label" },
        new("one that takes in nothing", Account("ci", "robot") + Role("plain", "*", "get pods") + Bind("sa:ci/robot", "*", "ClusterRole", "plain") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io") + May("user:eve", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", null),
        new("one that is labelled by name", Account("ci", "robot") + Role("other", "*", "get pods") + Bind("sa:ci/robot", "*", "ClusterRole", "view") + May("user:eve", "*", EscalateAll + ":other", "patch clusterroles.rbac.authorization.k8s.io:other") + May("user:eve", "ci", "create serviceaccounts/token:robot"), "user:eve", "cluster-admin", "serviceaccount-token-create > (own) > escalate"),
        new("of somebody one cannot become", Account("ci", "robot") + Bind("sa:ci/robot", "*", "ClusterRole", "view") + May("user:eve", "*", EscalateAll, "create clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("labels without escalate add what one has", Bind("user:eve", "*", "ClusterRole", "view") + May("user:eve", "*", "create,patch clusterroles.rbac.authorization.k8s.io"), "user:eve", "cluster-admin", null),
        new("a role by name is labelled", Role("other", "*", "get pods") + Bind("user:eve", "*", "ClusterRole", "view") + May("user:eve", "*", EscalateAll + ":other", "patch clusterroles.rbac.authorization.k8s.io:other"), "user:eve", "cluster-admin", "escalate"),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_way_is_found_where_there_is_one(PathRow row) => row.ProveAsync();
}
