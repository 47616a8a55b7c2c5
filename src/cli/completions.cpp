#include "cli/completions.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <string_view>
#include <vector>

namespace ordain::cli {
namespace {

std::vector<std::string_view> names_of(const std::vector<OptionUsage>& options) {
    std::vector<std::string_view> names;
    for (const OptionUsage& option : options)
        names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

std::vector<std::string_view> names_of(const std::vector<CommandUsage>& commands) {
    std::vector<std::string_view> names;
    names.reserve(commands.size());
    for (const CommandUsage& command : commands)
        names.emplace_back(command.name);
    return names;
}

/// An argument that is not one of some words is a file.
const std::vector<std::string>* argument_words(const CommandUsage& command) {
    const bool words = !command.arguments.empty() && !command.arguments.front().words.empty();
    return words ? &command.arguments.front().words : nullptr;
}

bool takes_files(const CommandUsage& command) {
    return !command.arguments.empty() && argument_words(command) == nullptr;
}

bool takes_file(const OptionUsage& option) {
    return option.value == "FILE";
}

std::string escaped(std::string_view text, std::string_view special, std::string_view escape) {
    std::string result;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) result += escape;
        result += c;
    }
    return result;
}

/// In single quotes, as POSIX shells and zsh read them.
std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'') {
            result += "'\\''";
        } else {
            result += c;
        }
    }
    return result + "'";
}

} // namespace

std::string bash_completions(const Usage& usage) {
    std::string script = fmt::format(R"(# bash completion for {0}; from `{0} generate bash`

_{0}() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
    # Readline makes "=" a word of its own.
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    local command= word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $word in
            {1}) command=$word && break ;;
        esac
    done
    local options= words=
    case "$command $previous" in
)",
                                     usage.name, fmt::join(names_of(usage.commands), " | "));
    const auto out = std::back_inserter(script);
    for (const CommandUsage& command : usage.commands) {
        for (const OptionUsage& option : command.options) {
            if (option.value.empty()) continue;
            std::vector<std::string> cases;
            for (const std::string& name : option.names)
                cases.push_back(fmt::format("'{} {}'", command.name, name));
            fmt::format_to(out, "        {}) words='{}' ;;\n", fmt::join(cases, " | "),
                           fmt::join(option.words, " "));
        }
    }
    script += "        *)\n            case $command in\n";
    for (const CommandUsage& command : usage.commands) {
        fmt::format_to(out, "                {}) options='{}'", command.name,
                       fmt::join(names_of(command.options), " "));
        if (const auto* words = argument_words(command))
            fmt::format_to(out, " words='{}'", fmt::join(*words, " "));
        script += " ;;\n";
    }
    fmt::format_to(out, R"(                *) options='{0}' words='{1}' ;;
            esac
            [[ $current != -* ]] || words=$options
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    [[ ${{COMPREPLY[0]-}} != *= ]] || compopt -o nospace
}}

# Files, where there is nothing else to offer.
complete -o bashdefault -o default -F _{2} {2}
)",
                   fmt::join(names_of(usage.options), " "),
                   fmt::join(names_of(usage.commands), " "), usage.name);
    return script;
}

namespace {

/// The part of an argument of _arguments that says what a value can be.
std::string zsh_value(const OptionUsage& option) {
    const std::string label = escaped(option.value, ":\\[]", "\\");
    if (takes_file(option)) return fmt::format("{}:_files", label);
    if (option.words.empty()) return fmt::format("{}: ", label);
    // What ends in "=" goes on.
    if (option.words.front().ends_with('='))
        return fmt::format("{}:compadd -S \"\" - {}", label, fmt::join(option.words, " "));
    return fmt::format("{}:({})", label, fmt::join(option.words, " "));
}

std::string zsh_options(const std::vector<OptionUsage>& options, std::string_view indent) {
    std::string result;
    for (const OptionUsage& option : options) {
        const std::string text = escaped(option.description, ":\\[]", "\\");
        const std::string_view several =
            option.description.find("repeatable") == std::string::npos ? "" : "*";
        for (const std::string& name : option.names) {
            const bool flag = option.value.empty();
            const std::string_view joint = flag ? "" : name.starts_with("--") ? "=" : "+";
            const std::string value = flag ? "" : ":" + zsh_value(option);
            result +=
                fmt::format(" \\\n{}{}", indent,
                            quoted(fmt::format("{}{}{}[{}]{}", several, name, joint, text, value)));
        }
    }
    return result;
}

} // namespace

std::string zsh_completions(const Usage& usage) {
    std::string script = fmt::format("#compdef {0}\n# From `{0} generate zsh`\n\n_{0}() {{\n"
                                     "    local state line\n    local -a commands\n"
                                     "    typeset -A opt_args\n    commands=(\n",
                                     usage.name);
    const auto out = std::back_inserter(script);
    for (const CommandUsage& command : usage.commands) {
        fmt::format_to(out, "        {}\n",
                       quoted(fmt::format("{}:{}", command.name, command.description)));
    }
    fmt::format_to(out, R"(    )
    _arguments -C{} \
        '1: :->command' \
        '*:: :->arguments'
    case $state in
        command) _describe command commands ;;
        arguments)
            case $line[1] in
)",
                   zsh_options(usage.options, "        "));
    for (const CommandUsage& command : usage.commands) {
        fmt::format_to(out, "                {})\n                    _arguments{}", command.name,
                       zsh_options(command.options, "                        "));
        if (const auto* words = argument_words(command)) {
            fmt::format_to(out, " \\\n                        '1:{}:({})'",
                           command.arguments.front().value, fmt::join(*words, " "));
        } else if (takes_files(command)) {
            fmt::format_to(out, " \\\n                        '*:{}:_files'",
                           command.arguments.front().value);
        }
        script += "\n                    ;;\n";
    }
    fmt::format_to(out, "            esac\n            ;;\n    esac\n}}\n\n_{0} \"$@\"\n",
                   usage.name);
    return script;
}

namespace {

std::string fish_quoted(std::string_view text) {
    return fmt::format("'{}'", escaped(text, "\\'", "\\"));
}

std::string fish_option(const OptionUsage& option) {
    std::string result;
    for (const std::string& name : option.names) {
        result += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (takes_file(option)) {
        result += " -r -F";
    } else if (!option.value.empty()) {
        result += " -x";
    }
    if (!option.words.empty())
        result +=
            fmt::format(" -a {}", fish_quoted(fmt::format("{}", fmt::join(option.words, " "))));
    return result + " -d " + fish_quoted(option.description);
}

} // namespace

std::string fish_completions(const Usage& usage) {
    std::string script = fmt::format("# fish completion for {0}; from `{0} generate fish`\n\n"
                                     "complete -c {0} -f\n",
                                     usage.name);
    const auto out = std::back_inserter(script);
    for (const OptionUsage& option : usage.options) {
        fmt::format_to(out, "complete -c {} -n __fish_use_subcommand{}\n", usage.name,
                       fish_option(option));
    }
    for (const CommandUsage& command : usage.commands) {
        fmt::format_to(out, "complete -c {} -n __fish_use_subcommand -a {} -d {}\n", usage.name,
                       command.name, fish_quoted(command.description));
    }
    for (const CommandUsage& command : usage.commands) {
        const std::string there = fmt::format("complete -c {} -n '__fish_seen_subcommand_from {}'",
                                              usage.name, command.name);
        if (const auto* words = argument_words(command)) {
            fmt::format_to(out, "{} -a {}\n", there,
                           fish_quoted(fmt::format("{}", fmt::join(*words, " "))));
        } else if (takes_files(command)) {
            fmt::format_to(out, "{} -F\n", there);
        }
        for (const OptionUsage& option : command.options)
            fmt::format_to(out, "{}{}\n", there, fish_option(option));
    }
    return script;
}

} // namespace ordain::cli
