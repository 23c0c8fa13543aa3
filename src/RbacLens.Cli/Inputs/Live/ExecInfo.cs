using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>What a credential plugin is told in KUBERNETES_EXEC_INFO.</summary>
static class ExecInfo
{
    const string ConfigExtension = "client.authentication.k8s.io/exec";

    /// <summary>The JSON text.</summary>
    /// <param name="apiVersion">The version of ExecCredential that the plugin speaks.</param>
    /// <param name="interactive">Whether the plugin may read standard input.</param>
    /// <param name="cluster">The cluster to tell about; null where the plugin did not ask for it.</param>
    public static string Json(string apiVersion, bool interactive, KubeconfigEntry? cluster)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "ExecCredential");
            json.WriteString("apiVersion", apiVersion);
            json.WriteStartObject("spec");
            if (cluster is not null)
                WriteCluster(json, cluster);
            json.WriteBoolean("interactive", interactive);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    static void WriteCluster(Utf8JsonWriter json, KubeconfigEntry cluster)
    {
        json.WriteStartObject("cluster");
        foreach (var field in new[] { "server", "tls-server-name", "proxy-url" })
            if (cluster.Text(field) is { } text)
                json.WriteString(field, text);
        foreach (var field in new[] { "insecure-skip-tls-verify", "disable-compression" })
            if (cluster.Flag(field))
                json.WriteBoolean(field, true);
        if (cluster.Pem("certificate-authority") is { } authority)
            json.WriteBase64String("certificate-authority-data", Encoding.UTF8.GetBytes(authority));
        if (cluster.Children("extensions").FirstOrDefault(named => named.Text("name") == ConfigExtension)?.Node("extension") is { } config)
        {
            json.WritePropertyName("config");
            Write(json, config);
        }
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                WriteMapping(json, mapping);
                break;
            case YamlSequenceNode sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Children)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case YamlScalarNode scalar:
                WriteScalar(json, scalar.Value ?? "", scalar.Style == ScalarStyle.Plain);
                break;
        }
    }

    static void WriteMapping(Utf8JsonWriter json, YamlMappingNode mapping)
    {
        json.WriteStartObject();
        foreach (var (key, value) in mapping.Children)
        {
            json.WritePropertyName((key as YamlScalarNode)?.Value ?? "");
            Write(json, value);
        }
        json.WriteEndObject();
    }

    static void WriteScalar(Utf8JsonWriter json, string text, bool plain)
    {
        if (plain && text is ("" or "~" or "null"))
            json.WriteNullValue();
        else if (plain && bool.TryParse(text, out var truth))
            json.WriteBooleanValue(truth);
        else if (plain && long.TryParse(text, CultureInfo.InvariantCulture, out var whole))
            json.WriteNumberValue(whole);
        else if (plain && double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(text);
    }
}
