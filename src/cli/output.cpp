#include "cli/output.hpp"

#include "report/display.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace ordain::cli {
namespace {

/// The error of the first write that failed, or 0.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

} // namespace

Result<Written> write_output(std::string_view text) {
    const int error = write_all(STDOUT_FILENO, text);
    if (error == 0) return Written::all;
    if (error == EPIPE) return Written::reader_gone;
    return failure(
        fmt::format("cannot write to standard output: {}", std::generic_category().message(error)));
}

void complain(std::string_view message) {
    // Nobody is left to tell when this fails too.
    static_cast<void>(
        write_all(STDERR_FILENO, fmt::format("ordain: {}\n", report::escaped(message))));
}

} // namespace ordain::cli
