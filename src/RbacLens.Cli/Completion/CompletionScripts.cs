using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Cli.Completion;

/// <summary>What a shell runs to complete our command lines: it asks <c>__complete</c>, which answers as kubectl plugins do.</summary>
/// <param name="Shell">The shell, or <c>kubectl</c>.</param>
/// <param name="FileNames">The files it is kept in; several where the shell looks for one under each name of the program.</param>
/// <param name="Folder">Where the shell finds them by itself.</param>
/// <param name="Note">What is left to do after installing; empty for nothing.</param>
/// <param name="Text">The script.</param>
sealed record CompletionScript(string Shell, IReadOnlyList<string> FileNames, Func<Surroundings, string> Folder, string Note, string Text)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<CompletionScript> All { get; } =
    [
        new("bash", ["rbac-lens", "kubectl-rbac_lens"], around => Path.Combine(Data(around), "bash-completion", "completions"), "", """
            # bash completion of rbac-lens
            _rbac_lens() {
                local cur words cword line directive=0
                if declare -F _get_comp_words_by_ref >/dev/null; then
                    _get_comp_words_by_ref -n =: cur words cword
                else
                    cur=${COMP_WORDS[COMP_CWORD]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
                fi
                COMPREPLY=()
                while IFS= read -r line; do
                    case $line in
                        :[0-9]*) directive=${line#:} ;;
                        *) COMPREPLY+=("${line%%$'\t'*}") ;;
                    esac
                done < <("${words[0]}" __complete "${words[@]:1:cword-1}" "$cur" 2>/dev/null)
                if [ "$directive" = 0 ]; then
                    compopt -o filenames 2>/dev/null
                    COMPREPLY=($(compgen -f -- "$cur"))
                fi
                if declare -F __ltrim_colon_completions >/dev/null; then
                    __ltrim_colon_completions "$cur"
                fi
            }
            complete -F _rbac_lens rbac-lens kubectl-rbac_lens

            """),
        new("zsh", ["_rbac-lens"], around => Path.Combine(Data(around), "zsh", "site-functions"), "add its folder to fpath before compinit, in ~/.zshrc", """
            #compdef rbac-lens kubectl-rbac_lens
            # zsh completion of rbac-lens
            _rbac_lens() {
                local line directive=0
                local -a found
                for line in "${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT-1]}" "${words[CURRENT]}" 2>/dev/null)}"; do
                    case $line in
                        :[0-9]*) directive=${line#:} ;;
                        *$'\t'*) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
                        ?*) found+=("${line//:/\\:}") ;;
                    esac
                done
                if [[ $directive == 0 ]]; then
                    _files
                else
                    _describe rbac-lens found
                fi
            }
            _rbac_lens "$@"

            """),
        new("fish", ["rbac-lens.fish", "kubectl-rbac_lens.fish"], around => Path.Combine(Config(around), "fish", "completions"), "", """
            # fish completion of rbac-lens
            function __rbac_lens_complete
                set -l words (commandline -opc)
                set -l cur (commandline -ct)
                set -l lines ($words[1] __complete $words[2..-1] "$cur" 2>/dev/null)
                if test (count $lines) -eq 0
                    return
                end
                if test "$lines[-1]" = ":0"
                    __fish_complete_path "$cur"
                else
                    string match --invert --regex '^:[0-9]+$' -- $lines
                end
            end
            complete --command rbac-lens --no-files --arguments '(__rbac_lens_complete)'
            complete --command kubectl-rbac_lens --no-files --arguments '(__rbac_lens_complete)'

            """),
        new("powershell", ["rbac-lens.completion.ps1"], around => OperatingSystem.IsWindows() ? Path.Combine(around.Home, "Documents", "PowerShell") : Path.Combine(Config(around), "powershell"), "load it in $PROFILE, with a dot before its path", """
            # PowerShell completion of rbac-lens
            Register-ArgumentCompleter -Native -CommandName 'rbac-lens', 'kubectl-rbac_lens' -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
                $program = $words[0]
                $before = @($words | Select-Object -Skip 1)
                # An empty last argument would be dropped on its way.
                $last = if ($wordToComplete) { $wordToComplete } else { '""' }
                & $program __complete @before $last 2>$null | Where-Object { $_ -notmatch '^:[0-9]+$' } | ForEach-Object {
                    $value, $help = $_ -split "`t", 2
                    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $(if ($help) { $help } else { $value }))
                }
            }

            """),
        new("kubectl", [OperatingSystem.IsWindows() ? "kubectl_complete-rbac_lens.cmd" : "kubectl_complete-rbac_lens"], Beside, "it must be on PATH, as the plugin itself", OperatingSystem.IsWindows()
            ? "@echo off\r\nkubectl-rbac_lens __complete %*\r\n"
            : """
            #!/bin/sh
            # kubectl asks this program to complete "kubectl rbac-lens ..."
            exec kubectl-rbac_lens __complete "$@"

            """),
    ];

    /// <summary>The script for a shell.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static CompletionScript For(string shell) => All.FirstOrDefault(script => script.Shell == shell)
        ?? throw new InputException($"{shell}: not a shell that is known, expected one of {string.Join(", ", All.Select(script => script.Shell))}");

    static string Data(Surroundings around) => around.Variable("XDG_DATA_HOME") ?? Path.Combine(Home(around), ".local", "share");

    static string Config(Surroundings around) => around.Variable("XDG_CONFIG_HOME") ?? Path.Combine(Home(around), ".config");

    // An empty one would make it a folder of wherever one stands.
    static string Home(Surroundings around) => around.Home.Length > 0 ? around.Home
        : throw new InputException("HOME is not set, so there is no telling where the shell looks; say where to write: completion install --dir DIR");

    // The program's own folder is on PATH if kubectl finds the plugin at all.
    static string Beside(Surroundings around) => Path.GetDirectoryName(Environment.ProcessPath) ?? Path.Combine(Home(around), ".local", "bin");
}
