namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Values of an object that may hold events, when the object is none itself: the envelopes of log shippers and clouds. Only keys that are known
/// for this are followed, so that text inside somebody's request is never taken for an event.
/// </summary>
ref struct Wrapped
{
    ReadOnlySpan<byte> first;
    ReadOnlySpan<byte> second;
    ReadOnlySpan<byte> third;

    /// <summary>The body of a Google Cloud audit entry.</summary>
    public ReadOnlySpan<byte> Google { get; private set; }

    /// <summary>Whether the fields are those of Azure's tables for Kubernetes audit logs (AKSAudit, AKSAuditAdmin, ArcK8sAudit).</summary>
    public bool IsAzureTable { get; private set; }

    /// <summary>The values that may hold events, at most three.</summary>
    public readonly ReadOnlySpan<byte> this[int index] => index switch { 0 => first, 1 => second, _ => third };

    /// <summary>Notes a value if its name is known for holding events.</summary>
    public bool Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // An event's own fields are none of these, so most events never get past the first comparison.
        if (value.Length < 2 || value[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
            return true;
        if (name.SequenceEqual("protoPayload"u8))
            Google = value;
        else if (name.SequenceEqual("AuditId"u8))
            IsAzureTable = true;
        else if (!Holds(name))
            return true;
        else if (first.IsEmpty)
            first = value;
        else if (second.IsEmpty)
            second = value;
        else if (third.IsEmpty)
            third = value;
        return true;
    }

    // EventList; CloudWatch, by Kinesis or Lambda; Event Hubs; Loki, Elasticsearch and Splunk exports; Docker, Fluent Bit, Filebeat, journald; Azure Monitor.
    static bool Holds(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("items"u8) || name.SequenceEqual("log"u8) || name.SequenceEqual("message"u8) || name.SequenceEqual("properties"u8)
        || name.SequenceEqual("events"u8) || name.SequenceEqual("logEvents"u8) || name.SequenceEqual("records"u8) || name.SequenceEqual("Records"u8)
        || name.SequenceEqual("event"u8) || name.SequenceEqual("line"u8) || name.SequenceEqual("@message"u8) || name.SequenceEqual("log_s"u8)
        || name.SequenceEqual("MESSAGE"u8) || name.SequenceEqual("Message"u8) || name.SequenceEqual("entries"u8) || name.SequenceEqual("values"u8)
        || name.SequenceEqual("value"u8) || name.SequenceEqual("data"u8) || name.SequenceEqual("result"u8) || name.SequenceEqual("results"u8)
        || name.SequenceEqual("streams"u8) || name.SequenceEqual("hits"u8) || name.SequenceEqual("_source"u8) || name.SequenceEqual("_raw"u8)
        || name.SequenceEqual("kubernetes"u8) || name.SequenceEqual("audit"u8) || name.SequenceEqual("textPayload"u8) || name.SequenceEqual("jsonPayload"u8)
        || name.SequenceEqual("body"u8) || name.SequenceEqual("kinesis"u8) || name.SequenceEqual("awslogs"u8);
}
