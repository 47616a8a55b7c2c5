#include "cli/report_file.hpp"

#include "cli/write_all.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ordain::cli {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Failure> cannot_write(std::string_view path, int error) {
    const std::string reason = std::generic_category().message(error);
    return failure(fmt::format("cannot write the report \"{}\": {}", path, reason));
}

/// Writes and closes; the first error, or 0. Some file systems tell of a full disk only at the end.
int write_and_close(int descriptor, std::string_view text) {
    const int error = write_all(descriptor, text);
    return ::close(descriptor) != 0 && error == 0 ? errno : error;
}

/// A new file in a folder, open for writing; -1 with errno when that is not possible.
int open_new(const fs::path& folder, fs::path& name) {
    constexpr mode_t mode = 0666;
    for (int attempt = 0;; ++attempt) {
        name = folder / fmt::format(".ordain-{}-{}", ::getpid(), attempt);
        const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor >= 0 || errno != EEXIST) return descriptor;
    }
}

} // namespace

Result<ReportFile> ReportFile::write(const std::string& path, std::string_view text) {
    std::error_code error;
    const fs::path existing = fs::canonical(path, error);
    // What a symbolic link names is replaced, not the link.
    ReportFile file(path, error ? fs::path(path) : existing);
    struct stat status {};
    const bool exists = ::stat(file.target_.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        return failure(fmt::format("cannot write the report \"{}\": it is a folder; name a file "
                                   "in it",
                                   path));
    }
    const bool replaceable = !exists || S_ISREG(status.st_mode);
    const int descriptor = replaceable ? open_new(file.target_.parent_path(), file.temporary_)
                                       : ::open(file.target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) {
        const int reason = errno;
        file.temporary_.clear();
        return cannot_write(path, reason);
    }
    // Who may read the old report may read the new one; where that is refused, the default stands.
    if (exists && replaceable) static_cast<void>(::fchmod(descriptor, status.st_mode));
    const int reason = write_and_close(descriptor, text);
    if (reason != 0) return cannot_write(path, reason);
    return file;
}

ReportFile::ReportFile(ReportFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})) {}

ReportFile::~ReportFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> ReportFile::publish() {
    if (temporary_.empty()) return {};
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) return cannot_write(path_, errno);
    temporary_.clear();
    return {};
}

} // namespace ordain::cli
