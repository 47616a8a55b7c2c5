#include "cli/output.hpp"

#include "cli/report_file.hpp"
#include "cli/write_all.hpp"
#include "report/display.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ordain::cli {
namespace {

/// No file changes before all of them are written.
Result<void> write_files(std::span<const Output> outputs) {
    std::vector<ReportFile> files;
    for (const Output& output : outputs) {
        if (!output.file) continue;
        Result<ReportFile> file = ReportFile::write(*output.file, output.text);
        if (!file) return tl::unexpected(file.error());
        files.push_back(std::move(*file));
    }
    for (ReportFile& file : files) {
        Result<void> published = file.publish();
        if (!published) return published;
    }
    return {};
}

Result<Written> print(std::string_view text) {
    const int error = write_all(STDOUT_FILENO, text);
    if (error == 0) return Written::all;
    if (error == EPIPE) return Written::reader_gone;
    return failure(
        fmt::format("cannot write to standard output: {}", std::generic_category().message(error)));
}

} // namespace

Result<Written> write_outputs(std::span<const Output> outputs) {
    const Result<void> files = write_files(outputs);
    if (!files) return tl::unexpected(files.error());
    for (const Output& output : outputs) {
        if (output.file) continue;
        Result<Written> printed = print(output.text);
        if (!printed || *printed == Written::reader_gone) return printed;
    }
    return Written::all;
}

void complain(std::string_view message) {
    // Nobody is left to tell when this fails too.
    static_cast<void>(
        write_all(STDERR_FILENO, fmt::format("ordain: {}\n", report::escaped(message))));
}

} // namespace ordain::cli
