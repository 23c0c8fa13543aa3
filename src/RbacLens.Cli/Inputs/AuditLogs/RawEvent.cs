namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// One event as pieces of the line it stands on. Texts are without their quotes but with their escapes; objects and lists are as they are
/// written; what is missing is empty.
/// </summary>
ref struct RawEvent
{
    public ReadOnlySpan<byte> AuditId;
    public ReadOnlySpan<byte> Stage;
    public ReadOnlySpan<byte> Uri;
    public ReadOnlySpan<byte> Verb;
    public ReadOnlySpan<byte> User;
    public ReadOnlySpan<byte> Groups;
    public ReadOnlySpan<byte> ActingAs;
    public ReadOnlySpan<byte> ActingGroups;
    public ReadOnlySpan<byte> ActingUid;
    public ReadOnlySpan<byte> ActingExtra;
    public ReadOnlySpan<byte> Sources;
    public ReadOnlySpan<byte> Agent;
    public ReadOnlySpan<byte> Received;
    public ReadOnlySpan<byte> OtherTime;
    public ReadOnlySpan<byte> Resource;
    public ReadOnlySpan<byte> Namespace;
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> ApiGroup;
    public ReadOnlySpan<byte> Subresource;
    public ReadOnlySpan<byte> Code;
    public ReadOnlySpan<byte> Message;
    public ReadOnlySpan<byte> Decision;
    public ReadOnlySpan<byte> Reason;
    public ReadOnlySpan<byte> Credential;
    public ReadOnlySpan<byte> RequestBody;
    public ReadOnlySpan<byte> ResponseBody;

    /// <summary>The objects that were met before; null where an event is not read from JSON as API servers write it.</summary>
    public Recurring? Recurring;

    /// <summary>Stands for who asks; 0 where only <see cref="User"/> and <see cref="Groups"/> tell.</summary>
    public ulong UserPrint;

    /// <summary>Stands for what was decided, and why; 0 where only the texts tell.</summary>
    public ulong AnnotationsPrint;

    /// <summary>Whether the impersonation itself was refused, so that whom it was to be is told by the answer alone.</summary>
    public bool IsRefusedToActAs;

    /// <summary>Whether this is an event at all.</summary>
    public readonly bool IsEvent => Stage.Length > 0 && Verb.Length > 0 && (Uri.Length > 0 || Resource.Length > 0);
}
