#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
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

/// A folder as something else than the disk has it, a commit for example.
struct Snapshot {
    std::filesystem::path root;
    std::vector<std::filesystem::path> files; ///< Relative to the root.
    std::function<Result<std::string>(const std::filesystem::path& file)> read;
};

/// How much of a file detection reads.
inline constexpr std::size_t head_bytes = 4096;

/// The file system, with at most one file whose text is given instead of read, or one folder that
/// is a snapshot's.
class FileTree {
public:
    FileTree() = default;
    /// A file system in which `file` exists and holds `bytes`, and so do the folders that it needs.
    FileTree(const std::filesystem::path& file, std::string bytes);
    explicit FileTree(const Snapshot& snapshot);

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
    /// The snapshot's folders with their entries, and its files.
    struct Frozen {
        std::filesystem::path root;                        ///< Absolute and normal.
        std::map<std::string, std::vector<Entry>> folders; ///< By path relative to the root.
        std::function<Result<std::string>(const std::filesystem::path&)> read;
    };
    [[nodiscard]] std::optional<std::string> frozen_place(const std::filesystem::path& path) const;
    [[nodiscard]] EntryKind frozen_kind(const std::string& place) const;
    [[nodiscard]] bool overlaid(const std::filesystem::path& path) const;
    [[nodiscard]] std::optional<Entry> overlay_entry(const std::filesystem::path& folder) const;

    std::optional<Overlay> overlay_;
    std::optional<Frozen> frozen_;
};

/// The entry of that name; nullptr when there is none. The entries are sorted.
[[nodiscard]] const Entry* find_entry(const std::vector<Entry>& entries, std::string_view name);
[[nodiscard]] bool has_file(const std::vector<Entry>& entries, std::string_view name);
[[nodiscard]] bool has_folder(const std::vector<Entry>& entries, std::string_view name);

} // namespace ordain::layout
