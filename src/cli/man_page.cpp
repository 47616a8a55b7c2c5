#include "cli/man_page.hpp"

#include <fmt/format.h>
#include <iterator>
#include <sstream>
#include <string_view>

namespace ordain::cli {
namespace {

/// Text that roff prints as it is. A hyphen is one that can be searched for and copied.
std::string roff(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\\') {
            result += "\\e";
        } else if (c == '-') {
            result += "\\-";
        } else {
            result += c;
        }
    }
    if (result.starts_with('.') || result.starts_with('\'')) result.insert(0, "\\&");
    return result;
}

std::string argument_of(const CommandUsage& command) {
    std::string result;
    for (const OptionUsage& argument : command.arguments) {
        const std::string name = fmt::format("\\fI{}\\fR", roff(argument.value));
        const std::string_view more = argument.repeatable ? "..." : "";
        result += argument.required ? fmt::format(" {}{}", name, more)
                                    : fmt::format(" [{}{}]", name, more);
    }
    return result;
}

std::string call_of(const Usage& usage, const CommandUsage& command) {
    return fmt::format("\\fB{} {}\\fR", roff(usage.name), roff(command.name));
}

std::string names_of(const OptionUsage& option) {
    std::string result;
    for (const std::string& name : option.names) {
        result += fmt::format("{}\\fB{}\\fR", result.empty() ? "" : ", ", roff(name));
    }
    if (!option.value.empty()) {
        result += fmt::format("{}\\fI{}\\fR", result.empty() ? "" : " ", roff(option.value));
    }
    return result;
}

std::string entry(const OptionUsage& option) {
    const std::string standard =
        option.standard.empty() ? "" : fmt::format(" (default: {})", roff(option.standard));
    return fmt::format(".TP\n{}\n{}{}\n", names_of(option), roff(option.description), standard);
}

std::string upper_case(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return result;
}

/// One sentence as man-db wants it behind the name: without a capital and a full stop.
std::string summary(std::string_view sentence) {
    std::string result(sentence);
    if (result.ends_with('.')) result.pop_back();
    if (!result.empty() && result[0] >= 'A' && result[0] <= 'Z') {
        result[0] = static_cast<char>(result[0] - 'A' + 'a');
    }
    return roff(result);
}

/// The paragraphs of the footer that have a heading, as sections; those without, as paragraphs.
struct Footer {
    std::string paragraphs;
    std::string sections;

    explicit Footer(const std::string& text) {
        std::istringstream lines(text);
        std::string* open = nullptr;
        for (std::string line; std::getline(lines, line);) {
            const bool heading = line.ends_with(':') && !line.starts_with(' ');
            if (line.empty()) {
                close(open);
            } else if (open == nullptr && heading) {
                open = &sections;
                line.pop_back();
                sections += fmt::format(".SH {}\n.nf\n", roff(upper_case(line)));
            } else {
                if (open == nullptr) paragraphs += ".PP\n";
                if (open == nullptr) open = &paragraphs;
                *open += roff(line) + "\n";
            }
        }
        close(open);
    }

private:
    void close(std::string*& open) {
        if (open == &sections) sections += ".fi\n";
        open = nullptr;
    }
};

} // namespace

std::string man_page(const Usage& usage) {
    const Footer footer(usage.footer);
    std::string page = fmt::format(
        ".TH {} 1 \"\" \"{} {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n",
        roff(upper_case(usage.name)), roff(usage.name), roff(usage.version), roff(usage.name),
        summary(usage.description));
    const auto out = std::back_inserter(page);
    std::string_view separator;
    for (const CommandUsage& command : usage.commands) {
        fmt::format_to(out, "{}{}{}{}\n", separator, call_of(usage, command),
                       command.options.empty() ? "" : " [\\fIOPTION\\fR...]", argument_of(command));
        separator = ".br\n";
    }
    fmt::format_to(out, ".SH DESCRIPTION\n{}\n{}.SH COMMANDS\n", roff(usage.description),
                   footer.paragraphs);
    for (const CommandUsage& command : usage.commands) {
        fmt::format_to(out, ".SS \"{} {}\"\n{}.\n", roff(usage.name), roff(command.name),
                       roff(command.description));
        for (const OptionUsage& argument : command.arguments)
            page += entry(argument);
        for (const OptionUsage& option : command.options)
            page += entry(option);
    }
    page += ".SH OPTIONS\n";
    for (const OptionUsage& option : usage.options)
        page += entry(option);
    return page + footer.sections;
}

} // namespace ordain::cli
