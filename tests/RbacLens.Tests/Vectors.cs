using System.Text.Json;

namespace RbacLens.Tests;

/// <summary>The data of tests/vectors and the shipped roles, as copied beside the tests.</summary>
static class Vectors
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "vectors", name);

    /// <summary>The cases of one of Kubernetes' own tables.</summary>
    public static IReadOnlyList<JsonElement> Cases(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().Select(element => element.Clone()).ToList();
        Assert.Equal(document.RootElement.GetProperty("count").GetInt32(), cases.Count);
        return cases;
    }

    /// <summary>RBAC objects of a recorded v1.26.5 cluster.</summary>
    public static RbacJson SeedScenario { get; } = RbacJson.Read(PathOf("seed-scenario.rbac.json.gz"));

    /// <summary>What a version ships: <c>1.34</c>, or <c>kubeadm</c>.</summary>
    public static RbacJson Shipped(string version) =>
        RbacJson.Read(Path.Combine(AppContext.BaseDirectory, "bootstrap", version + ".json.gz"));
}
