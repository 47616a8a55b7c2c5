#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <fmt/format.h>
#include <malloc.h>
#include <string>
#include <variant>
#include <vector>

namespace {

using ordain::Result;
using ordain::cli::Answered;
using ordain::cli::Arguments;
using ordain::cli::CommandResult;
using ordain::cli::ExitStatus;

ExitStatus print(const CommandResult& result) {
    const auto written = ordain::cli::write_outputs(result.outputs);
    if (written) return result.status;
    ordain::cli::complain(written.error().message);
    return ExitStatus::failure;
}

ExitStatus answer(const Answered& answered) {
    if (answered.stream == Answered::Stream::output)
        return print({.outputs = {{.text = answered.text, .file = {}}}});
    ordain::cli::complain(answered.text);
    return ExitStatus::failure;
}

ExitStatus run(std::vector<std::string> words) {
    const auto parsed = ordain::cli::parse_arguments(std::move(words));
    if (const auto* answered = std::get_if<Answered>(&parsed)) return answer(*answered);
    const Result<CommandResult> result = ordain::cli::run(std::get<Arguments>(parsed));
    if (result) return print(*result);
    ordain::cli::complain(result.error().message);
    return ExitStatus::failure;
}

/// A long history takes some hundred MiB, and gives nothing back before the end.
void grow_memory_in_large_steps() {
    constexpr int step = 32 * 1024 * 1024;
    mallopt(M_TOP_PAD, step);
    mallopt(M_TRIM_THRESHOLD, 8 * step);
}

} // namespace

int main(int argc, char** argv) {
    try {
        // A reader that went away is noticed when writing, and is no reason to die.
        static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
        grow_memory_in_large_steps();
        return static_cast<int>(
            run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc)));
    } catch (const std::exception& error) {
        ordain::cli::complain(fmt::format("internal error: {}", error.what()));
        return static_cast<int>(ExitStatus::failure);
    }
}
