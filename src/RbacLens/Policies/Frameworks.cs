using System.Collections.Immutable;

namespace RbacLens.Policies;

/// <summary>
/// The frameworks that policies refer to. Titles are in our words; which policies answer a control is written in the policies.
/// </summary>
public static class Frameworks
{
    /// <summary>CIS Kubernetes Benchmark, section 5.1, RBAC and Service Accounts.</summary>
    public static Framework Cis { get; } = new(
        "CIS", "CIS Kubernetes Benchmark, 5.1 RBAC and Service Accounts", "1.12", "https://www.cisecurity.org/benchmark/kubernetes",
        [
            new("5.1.1", "cluster-admin is used only where it is required"),
            new("5.1.2", "Access to Secrets is kept small"),
            new("5.1.3", "Roles and ClusterRoles use no wildcards"),
            new("5.1.4", "Access to create pods is kept small"),
            new("5.1.5", "Default service accounts are not used"),
            new("5.1.6", "Service account tokens are mounted only where they are needed"),
            new("5.1.7", "The group system:masters is not used")
            {
                Unseen = "no binding shows it, but client certificates and authenticators can put users into system:masters, and no object says so",
            },
            new("5.1.8", "bind, impersonate and escalate are granted to few"),
            new("5.1.9", "Access to create PersistentVolumes is kept small"),
            new("5.1.10", "Access to the proxy subresource of nodes is kept small"),
            new("5.1.11", "Access to approve CertificateSigningRequests is kept small"),
            new("5.1.12", "Access to admission webhook configurations is kept small"),
            new("5.1.13", "Access to create service account tokens is kept small"),
        ]);

    /// <summary>NSA/CISA Kubernetes Hardening Guide; it numbers nothing, so the ids are ours.</summary>
    public static Framework Nsa { get; } = new(
        "NSA", "NSA/CISA Kubernetes Hardening Guide", "1.2", "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
        [
            new("RBAC", "Authorization: roles grant what users and service accounts need, and no more"),
            new("Anonymous", "Authentication: anonymous requests are granted nothing"),
            new("Users", "Authentication: users are told apart, and administrators do not share accounts"),
            new("Tokens", "Pod security: pods have a service account token only where they need one"),
            new("Enforcement", "Pod security: pods are held to a standard when they are admitted"),
            new("Secrets", "Network separation and hardening: Secrets are read by few"),
            new("Network", "Network separation and hardening: traffic is limited to what is meant"),
            new("ControlPlane", "Network separation and hardening: the control plane and the kubelets are reached by few"),
            new("Logging", "Audit logging and threat detection: traces cannot be removed"),
        ]);

    /// <summary>OWASP Kubernetes Top Ten.</summary>
    public static Framework Owasp { get; } = new(
        "OWASP", "OWASP Kubernetes Top Ten", "2022", "https://owasp.org/www-project-kubernetes-top-ten/",
        [
            new("K01", "Insecure workload configurations"),
            new("K02", "Supply chain vulnerabilities") { Unseen = "images are not looked at" },
            new("K03", "Overly permissive RBAC configurations"),
            new("K04", "Lack of centralized policy enforcement"),
            new("K05", "Inadequate logging and monitoring"),
            new("K06", "Broken authentication mechanisms"),
            new("K07", "Missing network segmentation controls"),
            new("K08", "Secrets management failures"),
            new("K09", "Misconfigured cluster components"),
            new("K10", "Outdated and vulnerable Kubernetes components") { Unseen = "versions are not compared with known vulnerabilities" },
        ]);

    /// <summary>MITRE ATT&amp;CK: the matrix for containers, and those Enterprise techniques that a grant leads to.</summary>
    public static Framework Mitre { get; } = new(
        "MITRE", "MITRE ATT&CK, containers matrix and the Enterprise techniques grants lead to", "16", "https://attack.mitre.org/matrices/enterprise/containers/",
        [
            .. from line in Techniques.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
               let parts = line.Split(' ', 2)
               select new Control(parts[0], parts[1]),
        ]);

    /// <summary>All of them.</summary>
    public static ImmutableArray<Framework> All { get; } = [Cis, Nsa, Mitre, Owasp];

    /// <summary>The framework of that id, in any case; null for none.</summary>
    public static Framework? Find(string id) => All.FirstOrDefault(framework => string.Equals(framework.Id, id, StringComparison.OrdinalIgnoreCase));

    const string Techniques = """
        T1003 OS Credential Dumping
        T1005 Data from Local System
        T1069 Permission Groups Discovery
        T1070 Indicator Removal
        T1078 Valid Accounts
        T1078.004 Valid Accounts: Cloud Accounts
        T1098 Account Manipulation
        T1098.003 Account Manipulation: Additional Cloud Roles
        T1098.006 Account Manipulation: Additional Container Cluster Roles
        T1195 Supply Chain Compromise
        T1210 Exploitation of Remote Services
        T1485 Data Destruction
        T1489 Service Stop
        T1496 Resource Hijacking
        T1499 Endpoint Denial of Service
        T1528 Steal Application Access Token
        T1530 Data from Cloud Storage
        T1531 Account Access Removal
        T1543.002 Create or Modify System Process: Systemd Service
        T1546 Event Triggered Execution
        T1550.001 Use Alternate Authentication Material: Application Access Token
        T1552.001 Unsecured Credentials: Credentials In Files
        T1552.007 Unsecured Credentials: Container API
        T1553.004 Subvert Trust Controls: Install Root Certificate
        T1555 Credentials from Password Stores
        T1557 Adversary-in-the-Middle
        T1562 Impair Defenses
        T1562.001 Impair Defenses: Disable or Modify Tools
        T1562.004 Impair Defenses: Disable or Modify System Firewall
        T1565 Data Manipulation
        T1609 Container Administration Command
        T1610 Deploy Container
        T1611 Escape to Host
        T1613 Container and Resource Discovery
        """;
}
