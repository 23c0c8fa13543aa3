using System.Diagnostics;
using System.Text;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;

namespace RbacLens.Tests.Inputs;

public sealed class CertificateTests
{
    [ToolFact("openssl")]
    public async Task Requests_and_certificates_of_openssl_tell_user_groups_and_lifetime_and_survive_being_written()
    {
        using var folder = new TemporaryFolder();
        Run(folder.Path, "req -new -newkey rsa:2048 -nodes -keyout k.pem -subj /CN=carol/O=dev/O=ops -out r.pem");
        Run(folder.Path, "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj /CN=ca -days 10 -out ca.pem");
        Run(folder.Path, "x509 -req -in r.pem -CA ca.pem -CAkey ca.key -days 7 -out c.pem -CAcreateserial");
        string Data(string name) => Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder.Path, name)));

        var snapshot = await ReadAsync(
            $$$"""[{"metadata":{"name":"carol"},"status":{"conditions":[{"type":"Approved"}],"certificate":"{{{Data("c.pem")}}}"},"spec":{"request":"{{{Data("r.pem")}}}","signerName":"kubernetes.io/kube-apiserver-client","username":"u","expirationSeconds":604800},"kind":"CertificateSigningRequest","apiVersion":"certificates.k8s.io/v1"}]""");
        var request = Assert.Single(snapshot.SigningRequests);

        Assert.Equal("User carol (groups dev, ops)", request.Whom);
        Assert.Equal((true, false, 604800L), (request.IsApproved, request.IsRejected, request.ExpirationSeconds!.Value));
        Assert.Equal(TimeSpan.FromDays(7), request.NotAfter - request.NotBefore);

        using var written = new MemoryStream();
        SnapshotWriter.Write(snapshot, written);
        var again = Assert.Single((await ReadAsync(Encoding.UTF8.GetString(written.ToArray()))).SigningRequests);
        Assert.Equal(request with { Groups = [] }, again with { Groups = [] });
        Assert.Equal<string>(request.Groups, again.Groups);
    }

    // What Go writes: all organizations in one set.
    [Fact]
    public void Several_organizations_in_one_set_are_several_groups()
    {
        var name = Convert.FromHexString("302631163008060355040A0C0161300A060355040A0C036F7073310C300A06035504030C03626F62");
        var read = CertificateName.Of(new(name));
        Assert.Equal("bob", read.User);
        Assert.Equal<string>(["a", "ops"], read.Groups);
    }

    [Theory]
    [InlineData("")]
    [InlineData("!!!")]
    [InlineData("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KQUFBQQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K")]
    public async Task A_request_that_cannot_be_read_says_nothing_about_whom_it_is_for(string data)
    {
        var snapshot = await ReadAsync($$$"""{"kind":"CertificateSigningRequest","apiVersion":"certificates.k8s.io/v1","metadata":{"name":"x"},"spec":{"request":"{{{data}}}","signerName":"kubernetes.io/kube-apiserver-client"},"status":{"certificate":"{{{data}}}"}}""");
        Assert.Null(Assert.Single(snapshot.SigningRequests).User);
    }

    static Task<Snapshot> ReadAsync(string json) =>
        new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(json)), default, default);

    static void Run(string folder, string arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
