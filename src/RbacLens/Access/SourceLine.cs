namespace RbacLens.Access;

/// <summary>Where a manifest says what an object is.</summary>
/// <param name="File">The file, as it was named when it was read.</param>
/// <param name="Line">The line the object begins on, from 1; null where only the file is known.</param>
public sealed record SourceLine(string File, int? Line);
