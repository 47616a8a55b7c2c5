#pragma once

#include <cstddef>
#include <filesystem>
#include <ordain/result.hpp>

namespace ordain::bench {

/// A folder in the system's temporary folder that goes away with the object.
class TemporaryFolder {
public:
    /// Fails when none can be made.
    [[nodiscard]] static Result<TemporaryFolder> make();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) {
        other.path_.clear();
    }
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;
};

/// Writes a history of that many sqlx migrations, about 750 bytes each: tables with keys and
/// indexes, columns that come and go, views, functions, triggers, rows. The same on every call; all
/// of it applies.
void write_history(const std::filesystem::path& folder, std::size_t migrations);

} // namespace ordain::bench
