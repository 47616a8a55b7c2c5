#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <ordain/result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::layout {

/// What a name leads to, after following symbolic links.
enum class EntryKind {
    file,
    folder,
    other,      ///< A pipe, a socket or a device: never opened.
    unreadable, ///< A dangling or looping link, or nothing at all.
};

/// A name in a folder, in the bytes of the file system.
struct Entry {
    std::string name;
    EntryKind kind = EntryKind::unreadable;
};

/// How much of a file detection reads.
inline constexpr std::size_t head_bytes = 4096;

/// The file system, with at most one file whose text is given instead of read.
class FileTree {
public:
    FileTree() = default;
    /// A file system in which `file` exists and holds `bytes`, and so do the folders that it needs.
    FileTree(const std::filesystem::path& file, std::string bytes);

    [[nodiscard]] EntryKind kind(const std::filesystem::path& path) const;
    /// The entries of a folder, sorted bytewise by name.
    [[nodiscard]] Result<std::vector<Entry>> list(const std::filesystem::path& folder) const;
    /// A whole file. Fails when it is missing, no regular file, unreadable or above max_file_bytes.
    [[nodiscard]] Result<std::string> read(const std::filesystem::path& path) const;
    /// The first `limit` bytes of a file; empty when it cannot be read.
    [[nodiscard]] std::string head(const std::filesystem::path& path,
                                   std::size_t limit = head_bytes) const;

private:
    struct Overlay {
        std::filesystem::path place; ///< Absolute and normal.
        std::string bytes;
    };
    [[nodiscard]] bool overlaid(const std::filesystem::path& path) const;
    [[nodiscard]] std::optional<Entry> overlay_entry(const std::filesystem::path& folder) const;

    std::optional<Overlay> overlay_;
};

/// The entry of that name; nullptr when there is none. The entries are sorted.
[[nodiscard]] const Entry* find_entry(const std::vector<Entry>& entries, std::string_view name);
[[nodiscard]] bool has_file(const std::vector<Entry>& entries, std::string_view name);
[[nodiscard]] bool has_folder(const std::vector<Entry>& entries, std::string_view name);

} // namespace ordain::layout
