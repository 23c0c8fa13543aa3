using System.IO.Compression;
using System.Text;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// Reads dumps and manifests: files, directories, standard input. What a stream holds is told from its first bytes, never from its name.
/// </summary>
/// <param name="defaultNamespace">For namespaced objects that name none, as kubectl's current namespace would be.</param>
/// <param name="recursive">Whether directories are read with everything below them; kubectl does not, unless asked.</param>
sealed class FileSource(string defaultNamespace, bool recursive)
{
    readonly SnapshotBuilder builder = new();
    readonly List<ListReader> readers = [];

    /// <summary>Reads everything into one snapshot.</summary>
    /// <param name="paths">Files, directories, or <c>-</c> for standard input.</param>
    /// <param name="standardInput">What <c>-</c> stands for.</param>
    /// <param name="now">The time to note where the input does not say when it was collected.</param>
    /// <param name="cancellation">Stops between buffers.</param>
    /// <exception cref="InputException">Nothing could be read, or a file is broken as a whole.</exception>
    public async Task<Snapshot> ReadAsync(
        IReadOnlyList<string> paths, Func<Stream> standardInput, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var path in paths)
        {
            if (path == "-")
                await ReadAsync(standardInput(), "standard input", isFile: false, cancellation);
            else if (Directory.Exists(path))
                await ReadDirectoryAsync(path, cancellation);
            else
                await ReadFileAsync(path, cancellation);
        }

        if (builder.IsEmpty)
            throw NothingFound(paths);
        return Build(paths, now);
    }

    Snapshot Build(IReadOnlyList<string> paths, DateTimeOffset now)
    {
        var isStored = readers.Exists(reader => reader.Met.Stored > 0);
        var note = readers.Select(reader => reader.Note).FirstOrDefault(found => found is not null);
        foreach (var gap in note?.Gaps ?? [])
            builder.Add(gap);
        if (isStored || note is not null)
            foreach (var gap in Completeness.Gaps(readers.SelectMany(reader => reader.Met.Kinds).Concat(note?.Kinds ?? [])))
                builder.Add(gap);
        var context = note?.Cluster.Context ?? string.Join(", ", paths.Select(path => path == "-" ? "standard input" : NameOf(path)));
        var cluster = new ClusterInfo(context, note?.Cluster.Version, isStored || note is not null ? "dump" : "manifests") { Uid = note?.Cluster.Uid };
        return builder.Build(cluster, note?.CollectedAt ?? now) with { ApiGroups = note?.ApiGroups };
    }

    // What "." is called says more than the dot.
    static string NameOf(string path) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) is not ("." or ".." or "") and var name ? name : Path.GetFullPath(path);

    InputException NothingFound(IReadOnlyList<string> paths)
    {
        var place = string.Join(", ", paths.Select(path => path == "-" ? "standard input" : path));
        if (builder.Gaps is [var first, ..])
            return new(first.Detail);
        var objects = readers.Sum(reader => reader.Met.Objects);
        return new(objects == 0 && readers.Exists(reader => reader.HasList)
            ? $"{place}: the list is empty, it holds no objects; expected roles, bindings, service accounts, workloads, …"
            : objects == 0
            ? $"{place}: no Kubernetes objects found, expected JSON or YAML with apiVersion and kind"
                + (paths.Any(Directory.Exists) && !recursive ? " (sub-directories are read with --recursive)" : "")
            : $"{place}: {objects} Kubernetes objects, but none about access (roles, bindings, service accounts, workloads, …)");
    }

    async Task ReadDirectoryAsync(string path, CancellationToken cancellation)
    {
        await foreach (var file in FilesAsync(path, recursive, cancellation))
            await ReadFileAsync(file, cancellation);
    }

    /// <summary>The files that a path stands for: itself, or those of a directory that hold Kubernetes objects, in ordinal order.</summary>
    public static async IAsyncEnumerable<string> FilesAsync(
        string path, bool recursive, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!Directory.Exists(path))
        {
            yield return path;
            yield break;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = recursive, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(path, "*", options).Order(StringComparer.Ordinal))
            if (await Sniff.IsKubernetesAsync(file, cancellation))
                yield return file;
    }

    async Task ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            await ReadAsync(file, path, isFile: true, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: {(e is FileNotFoundException or DirectoryNotFoundException ? "no such file or directory" : e.Message)}", e);
        }
    }

    async Task ReadAsync(Stream stream, string origin, bool isFile, CancellationToken cancellation)
    {
        var (peeked, shape) = await Sniff.PeekAsync(stream, cancellation);
        switch (shape)
        {
            case Sniff.Shape.Gzip:
                await ReadGzipAsync(peeked, origin, isFile, cancellation);
                break;
            case Sniff.Shape.Json:
                await Reader(origin, isFile).ReadAsync(peeked, kind: null, cancellation);
                break;
            case Sniff.Shape.Yaml:
                await ReadYamlAsync(peeked, origin, isFile, cancellation);
                break;
            case Sniff.Shape.Markup:
                throw new InputException($"{origin}: found HTML or XML (a login page?), expected JSON or YAML");
            case Sniff.Shape.Binary:
                throw new InputException($"{origin}: found binary data, expected JSON or YAML (gzip is fine)");
            case Sniff.Shape.Empty:
                throw new InputException($"{origin}: the input is empty, expected JSON or YAML");
        }
    }

    async Task ReadGzipAsync(Stream stream, string origin, bool isFile, CancellationToken cancellation)
    {
        await using var unpacked = new GZipStream(stream, CompressionMode.Decompress);
        try
        {
            await ReadAsync(unpacked, origin, isFile, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"{origin}: the gzip data is broken or cut off", e);
        }
    }

    async Task ReadYamlAsync(Stream stream, string origin, bool isFile, CancellationToken cancellation)
    {
        var reader = Reader(origin, isFile);
        using var text = new StreamReader(stream, Encoding.UTF8);
        foreach (var (line, document) in YamlDocuments.Split(text, origin))
        {
            try
            {
                if (YamlDocuments.ToJson(document, origin, line, out var lines) is not { } json)
                    continue;
                reader.Sources!.Begin(lines!, document);
                reader.Origin = $"{origin}: document at line {line}";
                using var bytes = new MemoryStream(json.ToArray());
                await reader.ReadAsync(bytes, kind: null, cancellation);
            }
            catch (InputException e)
            {
                builder.Add(new Gap("*", Gap.Reasons.Malformed, e.Message));
            }
        }
    }

    // Pipelines know files by their paths in the repository, where they run.
    static string FromHere(string path)
    {
        if (!Path.IsPathRooted(path))
            return path;
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.Split(Path.DirectorySeparatorChar)[0] == ".." || Path.IsPathRooted(relative) ? path : relative;
    }

    ListReader Reader(string origin, bool isFile)
    {
        var reader = new ListReader(builder, origin, defaultNamespace) { Sources = new(isFile ? FromHere(origin) : null) };
        readers.Add(reader);
        return reader;
    }
}
