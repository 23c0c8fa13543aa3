namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>The bytes that make one deed different from another, put together in a buffer that is used again and again.</summary>
struct DeedKey
{
    byte[] buffer = new byte[2048];
    int length;

    public DeedKey()
    {
    }

    /// <summary>The key.</summary>
    public readonly ReadOnlySpan<byte> Span => buffer.AsSpan(0, length);

    /// <summary>Puts together the key of an event.</summary>
    /// <param name="found">The event.</param>
    /// <param name="tail">What its URL says beyond its object.</param>
    /// <param name="detail">How much is kept apart.</param>
    /// <param name="isOfStage">Whether what only the later stages of a request say is a part of it.</param>
    public void Start(scoped ref RawEvent found, ReadOnlySpan<byte> tail, DeedTable.Detailing detail, bool isOfStage = true)
    {
        length = 0;
        Add(found.User);
        Add(found.Groups);
        Add(found.ActingAs);
        Add(found.ActingGroups);
        if (!found.ActingAs.IsEmpty)
        {
            Add(found.ActingUid);
            Add(found.ActingExtra);
        }

        Add(found.Verb);
        Add(found.Resource);
        Add(found.Subresource);
        Add(found.ApiGroup);
        Add(found.Namespace);
        if (detail == DeedTable.Detailing.Full)
            Add(found.Name);
        Add(tail);
        if (!isOfStage)
            return;
        Add(found.Code);
        Add(found.Decision);
        if (detail is DeedTable.Detailing.Full or DeedTable.Detailing.WithoutNames)
            Add(found.Reason);
        Add(found.Credential);
        Add(IsLoopback(ref found) ? "1"u8 : default);
    }

    // No raw JSON text holds a zero byte, so nothing can run into its neighbour.
    /// <summary>Adds one more text.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (length + text.Length + 1 > buffer.Length)
            Array.Resize(ref buffer, 2 * (length + text.Length + 1));
        text.CopyTo(buffer.AsSpan(length));
        length += text.Length;
        buffer[length++] = 0;
    }

    /// <summary>Whether the API server talks to itself: the address it saw last is the only one that cannot be forged.</summary>
    public static bool IsLoopback(scoped ref RawEvent found) =>
        found.User.SequenceEqual("system:apiserver"u8) && RawText.Last(found.Sources) is var source && (source.SequenceEqual("127.0.0.1"u8) || source.SequenceEqual("::1"u8));
}
